{#
    The spelling by which the vocabulary `languages` knows a language: of a locale
    (`fr_FR`, `pt-BR`, `en-US,en;q=0.9`) its language, of all else the folded text.

        left join languages
            on {{ language_key('contacts.language_code') }} = languages.spelling

    Arguments
        text (string): SQL of a text.
#}
{% macro language_key(text) -%}
    {%- set locale -%} ^([a-z]{2})[_,;-] {%- endset -%}
    {%- set shown = 'lower(' ~ normalised_text(text) ~ ')' -%}
    coalesce(
        nullif({{ regexp_part(shown, locale, 1) }}, ''),
        {{ folded_text(text) }}
    )
{%- endmacro %}
