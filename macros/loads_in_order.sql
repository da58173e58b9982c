{#
    The loads of a relation's rows with the number of rows before each, as if each had ten
    billion: that and `source_row` give one number for how late a row came.

    By load and row, a pair, the engine chooses the latest in memory only; where numbers
    are compared, what does not fit goes to disk.

    Arguments
        relation (relation or string): has `load_id`, which sorts as the loads came.
#}
{% macro loads_in_order(relation) -%}
    select
        load_id,
        row_number() over (order by load_id) * 10000000000 as rows_before
    from (select distinct load_id from {{ relation }}) as named
{%- endmacro %}
