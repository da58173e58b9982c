{#
    A text in Unicode normal form C: one code point for é, however it was typed.

    Arguments
        text (string): SQL of the text.
#}
{% macro unicode_composed(text) -%}
    nfc_normalize({{ text }})
{%- endmacro %}
