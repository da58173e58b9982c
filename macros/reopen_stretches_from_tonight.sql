{#
    Opens again, in a table of stretches, what tonight or a later night closed; with
    `forget_nights_from_tonight('valid_from')` before it, the table is as tonight found
    it. Nothing where it does not stand yet.

    Arguments: none; the table has `valid_to`, exclusive, null while a stretch lasts.
#}
{% macro reopen_stretches_from_tonight() -%}
    {%- if execute and is_incremental() -%}
        update {{ this }} set valid_to = null
        where valid_to >= (select clock.as_of_date from {{ ref('int_clock') }} as clock)
    {%- endif -%}
{%- endmacro %}
