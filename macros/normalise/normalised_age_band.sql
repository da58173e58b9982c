{#
    The band of `band_of_age` that a written band lies in: `25–34`, `25 to 34 ans` and
    `30` are `25-34`, `65 et plus` and `75+` are `65+`, `moins de 18 ans` is `under 18`.

    A band that lies across two of them, such as `20-39`, is null: nobody is moved into
    a band she may not be in.

    Arguments
        text (string): SQL of a text.
#}
{% macro normalised_age_band(text) -%}
    {%- set shown = 'lower(' ~ normalised_text(text) ~ ')' -%}
    {%- set unit = '(?: ?(?:years?|yrs?|ans?|jahre?|años|anni|anos)(?: old)?)?' -%}
    {%- set above = '(?:and|or) (?:over|above|more|older)|und älter|y más' -%}
    {%- set age -%} (\d{1,3}){{ unit }} {%- endset -%}
    {%- set to = ' ?(?:-|–|—|to|à|a|bis|et) ?' -%}
    {%- set plus -%} ?(?:\+|(?:(?:et|ou) )?plus|{{ above }})?{{ unit }} {%- endset -%}
    {%- set ages -%}
        ^(?:de |from |von )?(\d{1,3})(?:{{ to }}(\d{1,3}))?{{ unit }}$
    {%- endset -%}
    {%- set and_more = '^(?:>= ?|≥ ?)?' ~ age ~ ' ' ~ plus ~ '$' -%}
    {%- set below = '^(?:< ?|under |less than |moins de |unter )' ~ age ~ '$' -%}
    {%- set low = 'try_cast(' ~ regexp_part(shown, ages, 1) ~ ' as integer)' -%}
    {%- set high = 'try_cast(' ~ regexp_part(shown, ages, 2) ~ ' as integer)' -%}
    {%- set least = 'try_cast(' ~ regexp_part(shown, and_more, 1) ~ ' as integer)' -%}
    {%- set limit = 'try_cast(' ~ regexp_part(shown, below, 1) ~ ' as integer)' -%}
    case
        when {{ high }} < {{ low }} then null
        when {{ high }} is not null then {{ band_of_age(low, high) }}
        when {{ low }} is not null then {{ band_of_age(low) }}
        when {{ limit }} <= 18 then 'under 18'
        when {{ least }} >= 65 then '65+'
    end
{%- endmacro %}
