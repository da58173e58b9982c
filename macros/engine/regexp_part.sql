{#
    The first match of a pattern, or of one of its groups; blank when there is none,
    null for a null.

    Arguments
        text (string): SQL of the text.
        pattern (string): as `regexp_replaced` takes it.
        group (integer): 0 for the whole match.
#}
{% macro regexp_part(text, pattern, group=0) -%}
    regexp_extract({{ text }}, '{{ pattern }}', {{ group }})
{%- endmacro %}
