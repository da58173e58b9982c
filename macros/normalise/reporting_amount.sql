{#
    An amount in the reporting currency, decimal(18,4); exact where nothing is converted,
    null when the rate is unknown.

    Arguments
        amount (string): SQL of a decimal(18,4).
        rate (string): SQL of what `rate_in_force` gave.
#}
{% macro reporting_amount(amount, rate) -%}
    case
        when {{ rate }} = 1 then {{ amount }}
        else ({{ amount }}::double * {{ rate }}::double)::decimal(18, 4)
    end
{%- endmacro %}
