{#
    A timestamp read from a text by the first format that fits; null when none does.

    Arguments
        text (string): SQL of the text.
        formats (list of string): in the letters of C's strptime.
#}
{% macro timestamp_parsed(text, formats) -%}
    try_strptime({{ text }}, ['{{ formats | join("', '") }}'])
{%- endmacro %}
