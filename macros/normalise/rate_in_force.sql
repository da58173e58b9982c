{#
    Units of the reporting currency for one of another; 1 for the reporting currency
    itself, on any day; null when no rate is known.

    The rate is found in the seed `exchange_rates` by a join as in
    `macros/engine/latest_join.sql`:

        {{ latest_join(
            'orders', 'exchange_rates', 'currency_code', 'ordered_at', 'valid_from'
        ) }}

    Arguments
        currency_code (string): SQL of the ISO 4217 code, upper case, not null.
        rates (string): what the join calls `exchange_rates`.
#}
{% macro rate_in_force(currency_code, rates) -%}
    case
        when {{ currency_code }} = '{{ var('reporting_currency', 'EUR') }}' then 1
        else {{ rates }}.rate_to_reporting
    end
{%- endmacro %}
