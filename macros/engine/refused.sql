{#
    An expression that ends the query with a message when it is reached.

    Arguments
        message (string): what is wrong and what to do; no quotation marks.
#}
{% macro refused(message) -%}
    error('{{ message }}')
{%- endmacro %}
