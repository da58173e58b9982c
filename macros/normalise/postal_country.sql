{#
    The country whose post office gives out the postcodes of a country or territory:
    France for its overseas departments and collectivities, which have codes of their
    own in ISO 3166; else the country itself.

    Arguments
        country_code (string): SQL of an ISO 3166 alpha-2 code, upper case, or null.
#}
{% macro postal_country(country_code) -%}
    case
        when {{ country_code }} in (
            'GP', 'MQ', 'GF', 'RE', 'YT', 'PM', 'BL', 'MF', 'NC', 'PF', 'WF'
        ) then 'FR'
        else {{ country_code }}
    end
{%- endmacro %}
