{#
    ISO 4217 code of a currency written as a code or as a sign; the reporting currency
    for a null or blank.

    A sign that several currencies share stands for none of them: `$` stays as it is,
    and no rate is found for it.

    Arguments
        text (string): SQL of a text.
#}
{% macro currency_code(text) -%}
    case nullif(upper(trim({{ text }})), '')
        when '€' then 'EUR'
        when '£' then 'GBP'
        when 'US$' then 'USD'
        when 'SFR' then 'CHF'
        when 'FR.' then 'CHF'
        else coalesce(nullif(upper(trim({{ text }})), ''), '{{ var('reporting_currency', 'EUR') }}')
    end
{%- endmacro %}
