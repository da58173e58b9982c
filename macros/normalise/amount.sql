{#
    An amount, decimal(18,4), from a text with its separators, sign and currency; null
    for what is no amount, or has more than fourteen digits before the mark.

    Thousands are parted by spaces of any width, apostrophes or whichever of `.` and `,`
    is not the decimal mark: always the same, always in threes. A minus stands in front,
    behind, or as parentheses; `5.–` is five. A currency sign, or the letters of one of
    the currencies below, may stand on either side and is not looked at; `5k` and
    `5 Mio` are no amounts. A fifth decimal is rounded.

    Arguments
        text (string): SQL of a text.
        decimal_mark ('auto', '.' or ','): 'auto' reads what only one mark allows and
            gives null for `1,234`, which is two amounts. Name the mark where you know
            it: 'auto' does the work several times.
#}
{% macro amount(text, decimal_mark='auto') -%}
    {%- if decimal_mark == 'auto' -%}
    case
        when {{ amount(text, '.') }} is null then {{ amount(text, ',') }}
        when coalesce({{ amount(text, ',') }} = {{ amount(text, '.') }}, true)
            then {{ amount(text, '.') }}
    end
    {%- else -%}
    {%- set thousands_mark = ',' if decimal_mark == '.' else '.' -%}
    {%- set separators = ['[' ~ thousands_mark ~ ']', '\\p{Z}', '[\\x27’]'] -%}
    {%- set in_threes -%}
        {%- for separator in separators -%}
            [1-9]\d{0,2}(?:{{ separator }}\d{3})+|
        {%- endfor -%}
    {%- endset -%}
    {%- set letters -%}
        eur|usd|gbp|chf|cad|aud|nzd|jpy|cny|brl|mxn|sek|nok|dkk|isk|pln|czk|huf|ron|
    {%- endset -%}
    {%- set currency -%}
        (?:(?i:{{ letters }}kr\.?|fr\.?|sfr\.?|zł|kč|(?:[a-z]{1,2})?\p{Sc}))?
    {%- endset -%}
    {%- set space -%} [\p{Z}\p{Cc}]* {%- endset -%}
    {%- set sign = space ~ '[+−-]?' ~ space -%}
    {%- set figure -%}
        ({{ in_threes }}\d+)?(?:[{{ decimal_mark }}](?:(\d+)|[–—-]{1,2})?)?
    {%- endset -%}
    {%- set signed = sign ~ currency ~ sign ~ figure ~ space ~ currency ~ sign -%}
    {%- set whole -%} ^{{ space }}\(?{{ signed }}\)?{{ space }}$ {%- endset -%}
    {%- set twice -%} [(−-]\D*[(−-]\D*\d|[(−-].*\d[^.,]*[−-] {%- endset -%}
    {%- set behind = space ~ currency ~ space -%}
    {%- set minus -%} ^\D*[(−-]\D*\d|\d{{ behind }}[−-] {%- endset -%}
    {%- set plain -%} ^-?\d+(?:[{{ decimal_mark }}]\d+)?$ {%- endset -%}
    try_cast(
        case
            when {{ regexp_found(text, plain) }} then replace({{ text }}, ',', '.')
            when ({{ text }} like '%(%') != ({{ text }} like '%)%')
                or {{ regexp_found(text, twice) }} then null
            else
                case when {{ regexp_found(text, minus) }} then '-' else '' end
                || {{ regexp_replaced(regexp_part(text, whole, 1), '[^0-9]') }}
                || '.' || {{ regexp_part(text, whole, 2) }}
        end as decimal(18, 4)
    )
    {%- endif -%}
{%- endmacro %}
