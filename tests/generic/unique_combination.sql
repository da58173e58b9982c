{#
    Fails on every combination of values that stands in more than one row.

    Nulls count as equal: a key with a null twice fails.

    Arguments
        columns (list of string): the columns of the key, the model's grain.
#}
{% test unique_combination(model, columns) %}

select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1

{% endtest %}
