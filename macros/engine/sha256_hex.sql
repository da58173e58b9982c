{#
    SHA-256 of a text's UTF-8 bytes, 64 hexadecimal digits in lower case; null for a
    null.

    Arguments
        text (string): SQL of the text.
#}
{% macro sha256_hex(text) -%}
    sha256({{ text }})
{%- endmacro %}
