{#
    A text without accents and other marks on letters; ø, ł and ligatures are letters of
    their own and stay.

    Arguments
        text (string): SQL of the text.
#}
{% macro accents_removed(text) -%}
    strip_accents({{ text }})
{%- endmacro %}
