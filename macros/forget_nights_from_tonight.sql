{#
    Deletes from a ledger what tonight or a later night wrote, so that a night can be
    run twice and a past one again. Nothing where the ledger does not stand yet.

    Arguments
        night (string): column with the day of the night that wrote the row.
        clock (relation): what tells `as_of_date`, if not the clock itself: a model that
            the ledger reads anyway.
#}
{% macro forget_nights_from_tonight(night, clock=ref('int_clock')) -%}
    {%- if execute and is_incremental() -%}
        delete from {{ this }}
        where {{ night }} >= (select clock.as_of_date from {{ clock }} as clock)
    {%- endif -%}
{%- endmacro %}
