{#
    A text with every match of a pattern replaced; null for a null.

    Arguments
        text (string): SQL of the text.
        pattern (string): regular expression, unquoted, in the syntax that RE2 and Java
            share: no look-around, a quote written \x27. Set it in a block, since Jinja
            reads backslashes in its own strings.
        replacement (string): unquoted; `\1` to `\9` stand for groups.
#}
{% macro regexp_replaced(text, pattern, replacement='') -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}
