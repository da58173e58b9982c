{#
    Fails on every row with a null in a column that always has a value, and names the
    columns: one pass over the model, however many columns there are.

    Arguments
        columns (list of string): the columns.
#}
{% test never_null(model, columns) %}

select
    concat_ws(
        ', ',
        {%- for column in columns %}
        case when {{ column }} is null then '{{ column }}' end
        {{- ',' if not loop.last }}
        {%- endfor %}
    ) as null_columns,
    *
from {{ model }}
where
    {% for column in columns -%}
    {{ column }} is null
    {{- ' or ' if not loop.last }}
    {%- endfor %}

{% endtest %}
