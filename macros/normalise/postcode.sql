{#
    A postcode as its country writes it; null for one it does not have.

    Spaces, signs, a spreadsheet's `.0` and the country's letters in front (F-75001) are
    taken out, zeros that got lost are put back where the country has them (1000 is
    01000 in France); then it has to fit the pattern below and is spaced as there.
    Corsica's are 20000 to 20999: 2A and 2B are departments. The four digits behind a
    ZIP code are dropped. Countries without a line, and an unknown country, keep up to
    twelve letters, digits, hyphens and spaces in upper case.

    Arguments
        postcode (string): SQL of a text.
        country_code (string): SQL of an ISO 3166 alpha-2 code, upper case, or null.
#}
{% macro postcode(postcode, country_code) -%}
    {%- set french = '((?:0[1-9]|[1-8][0-9]|9[0-8])[0-9]{3})' -%}
    {%- set british = '([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})' -%}
    {%- set irish = '([AC-FHKNPRTV-Y][0-9][0-9W])([0-9AC-FHKNPRTV-Y]{4})' -%}
    {%- set canadian = '([A-CEGHJ-NPR-TVXY][0-9][A-Z])([0-9][A-Z][0-9])' -%}
    {%- set german = '((?:0[1-9]|[1-9][0-9])[0-9]{3})' -%}
    {%- set spanish = '((?:0[1-9]|[1-4][0-9]|5[0-2])[0-9]{3})' -%}
    {#- Countries, letters that may stand in front, digits when zeros are whole and when
        they are lost, pattern without spaces, spacing. -#}
    {%- set countries = [
        (['FR', 'MC', 'GP', 'MQ', 'GF', 'RE', 'YT', 'PM', 'BL', 'MF', 'NC', 'PF', 'WF'],
            'FR|F', 5, 4, french, '\\1'),
        (['GB', 'GG', 'JE', 'IM'], 'GB', 0, 0, british, '\\1 \\2'),
        (['NL'], 'NL', 0, 0, '([1-9][0-9]{3})([A-Z]{2})', '\\1 \\2'),
        (['IE'], 'IE|IRL', 0, 0, irish, '\\1 \\2'),
        (['CA'], 'CA', 0, 0, canadian, '\\1 \\2'),
        (['DE'], 'DE|D', 5, 4, german, '\\1'),
        (['ES'], 'ES|E', 5, 4, spanish, '\\1'),
        (['IT'], 'IT|I', 5, 3, '([0-9]{5})', '\\1'),
        (['FI'], 'FI|FIN', 5, 3, '([0-9]{5})', '\\1'),
        (['US', 'PR'], 'US|USA', 5, 3, '([0-9]{5})(?:[0-9]{4})?', '\\1'),
        (['BE'], 'BE|B', 0, 0, '([1-9][0-9]{3})', '\\1'),
        (['CH', 'LI'], 'CH|FL', 0, 0, '([1-9][0-9]{3})', '\\1'),
        (['AT'], 'AT|A', 0, 0, '([1-9][0-9]{3})', '\\1'),
        (['LU'], 'LU|L', 0, 0, '([1-9][0-9]{3})', '\\1'),
        (['DK'], 'DK', 0, 0, '([1-9][0-9]{3})', '\\1'),
        (['NO', 'AU'], 'N|NO', 4, 3, '([0-9]{4})', '\\1'),
        (['SE', 'CZ', 'SK', 'GR'], 'SE|S|CZ|SK|GR', 0, 0,
            '([0-9]{3})([0-9]{2})', '\\1 \\2'),
        (['PL'], 'PL', 5, 4, '([0-9]{2})([0-9]{3})', '\\1-\\2'),
        (['PT'], 'PT|P', 0, 0, '([1-9][0-9]{3})([0-9]{3})', '\\1-\\2'),
        (['BR'], 'BR', 8, 7, '([0-9]{5})([0-9]{3})', '\\1-\\2'),
        (['JP'], 'JP', 7, 6, '([0-9]{3})([0-9]{4})', '\\1-\\2'),
    ] -%}
    {%- set float_tail -%} \.0$|[^A-Z0-9] {%- endset -%}
    {%- set text = 'upper(' ~ normalised_text(postcode) ~ ')' -%}
    {%- set bare = regexp_replaced(text, float_tail) -%}
    {%- set generic -%} ^[A-Z0-9][A-Z0-9 -]{0,11}$ {%- endset -%}
    case
        {%- for codes, letters, whole, lost, pattern, spacing in countries %}
        {%- set ns = namespace(code=bare) -%}
        {%- for digits in range(lost, whole) -%}
            {%- set short = '^(?:' ~ letters ~ ')?([0-9]{' ~ digits ~ '})$' -%}
            {%- set zeros = '0' * (whole - digits) -%}
            {%- set ns.code = regexp_replaced(ns.code, short, zeros ~ '\\1') -%}
        {%- endfor -%}
        {%- set full = '^(?:' ~ letters ~ ')?' ~ pattern ~ '$' %}
        when {{ country_code }} in ('{{ codes | join("', '") }}')
            then case
                when {{ regexp_found(ns.code, full) }}
                    then {{ regexp_replaced(ns.code, full, spacing) }}
            end
        {%- endfor %}
        else nullif({{ regexp_part(text, generic) }}, '')
    end
{%- endmacro %}
