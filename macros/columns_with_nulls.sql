{#
    An aggregate: the names of those columns that have a null in the group; blank where
    none has.

    Arguments
        columns (list of string): the columns.
#}
{% macro columns_with_nulls(columns) -%}
    concat_ws(
        ', ',
        {%- for column in columns %}
        case when count({{ column }}) < count(*) then '{{ column }}' end,
        {%- endfor %}
        null
    )
{%- endmacro %}
