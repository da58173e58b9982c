{#
    Deletes from a ledger what tonight or a later night wrote, so that a night can be
    run twice and a past one again. Nothing where the ledger does not stand yet.

    Arguments
        night (string): column with the day of the night that wrote the row.
#}
{% macro forget_nights_from_tonight(night) -%}
    {%- if execute and is_incremental() -%}
        delete from {{ this }}
        where {{ night }} >= (select clock.as_of_date from {{ ref('int_clock') }} as clock)
    {%- else -%}
        select 1
    {%- endif -%}
{%- endmacro %}
