{#
    Condition: a row that was set aside because nobody knew the rate of its currency has
    one now. Without it such rows would be judged anew each night, and all that is made of
    their days with them.

    Arguments
        moment (string): date or timestamp of the row, a column of `known`.
        rates (string): the relation of `exchange_rates`.
#}
{% macro rate_added(moment, rates) -%}
    known.broken_rule['rule'] = 'unknown_currency'
    and known.{{ moment }} >= (
        select min({{ rates }}.valid_from) from {{ rates }}
        where {{ rates }}.currency_code = known.currency_code
    )
{%- endmacro %}
