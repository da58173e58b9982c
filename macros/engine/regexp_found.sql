{#
    Whether a pattern matches somewhere in a text; null for a null.

    Arguments
        text (string): SQL of the text.
        pattern (string): as `regexp_replaced` takes it.
#}
{% macro regexp_found(text, pattern) -%}
    regexp_matches({{ text }}, '{{ pattern }}')
{%- endmacro %}
