{#
    Fails on every combination of values that stands in more than one row of tonight.

    For tables that only grow, by night: the other nights cannot have changed since they
    were tested. Nulls count as equal.

    Arguments
        columns (list of string): the columns of the key, the model's grain.
        night (string): the column with the night of a row, part of the key.
#}
{% test unique_tonight(model, columns, night) %}

select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
where {{ night }} >= (select as_of_date from {{ ref('int_clock') }})
group by {{ columns | join(', ') }}
having count(*) > 1

{% endtest %}
