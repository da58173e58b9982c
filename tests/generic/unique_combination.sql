{#
    Fails on every combination of values that stands in more than one row.

    Nulls count as equal: a key with a null twice fails. With `never_null` a combination
    fails too where one of those columns has a null, and `null_columns` names it: so a
    view that is dear to make is made once for both.

    Arguments
        columns (list of string): the columns of the key, the model's grain.
        never_null (list of string): columns that always have a value.
#}
{% test unique_combination(model, columns, never_null=[]) %}

select
    {{ columns | join(', ') }},
    count(*) as row_count,
    {{ columns_with_nulls(never_null) }} as null_columns
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1 or {{ columns_with_nulls(never_null) }} != ''

{% endtest %}
