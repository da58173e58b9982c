{#
    A text for matching only, never to be shown: normalised, in lower case, accents and
    ligatures folded (œ is oe, ß is ss), everything that is no letter or digit a space.

    `Côte-d’Or` and `COTE D'OR` both give `cote d or`. It is the key of `countries` and
    `languages`, whose spellings are unique and stand folded:

        left join countries
            on {{ folded_text('contacts.country_code') }} = countries.spelling

    Arguments
        text (string): SQL of a text; null, blank and placeholders, also those that
            only folding shows (`- unknown -`, Null), give null.
#}
{% macro folded_text(text) -%}
    {%- set between_words -%} [^\p{L}\p{N}]+ {%- endset -%}
    {%- set bare = accents_removed('lower(' ~ normalised_text(text) ~ ')') -%}
    {%- set folded -%}
        replace(replace(replace(replace(
            translate({{ bare }}, 'øłđðı', 'olddi'),
            'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss'), 'þ', 'th')
    {%- endset -%}
    {%- set placeholder = '^(?:null|nan|undefined|unknown|inconnue?)$' -%}
    {%- set key = 'trim(' ~ regexp_replaced(folded, between_words, ' ') ~ ')' -%}
    nullif({{ regexp_replaced(key, placeholder) }}, '')
{%- endmacro %}
