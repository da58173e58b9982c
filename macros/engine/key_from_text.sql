{#
    A positive 64-bit key of a text: the first 63 bits of its md5, so that a rebuild
    from nothing gives the same keys.

    Arguments
        text (string): SQL of the text.
#}
{% macro key_from_text(text) -%}
    (md5_number_upper({{ text }}) >> 1)::bigint
{%- endmacro %}
