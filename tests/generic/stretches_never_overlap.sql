{#
    Fails on stretches of one key that overlap, follow in the wrong order or are empty.

    Only keys that tonight wrote are looked at, with all their stretches: the others
    cannot have changed. What passes has each key at most once on any day, and each key
    and `valid_from` once.

    Arguments
        columns (list of string): the key; the model has `valid_from` and `valid_to`,
            exclusive, null while a stretch lasts.
#}
{% test stretches_never_overlap(model, columns) %}

with
clock as (
    select as_of_date from {{ ref('int_clock') }}
),

touched as (
    select {{ columns | join(', ') }}
    from {{ model }}
    where
        valid_from >= (select as_of_date from clock)
        or valid_to >= (select as_of_date from clock)
    group by {{ columns | join(', ') }}
),

followed as (
    select
        *,
        lead(valid_from) over (
            partition by {{ columns | join(', ') }} order by valid_from, valid_to
        ) as next_from
    from {{ model }}
    semi join touched
        using ({{ columns | join(', ') }})
)

select *
from followed
where
    valid_to <= valid_from
    or next_from is not null and valid_to is null
    or next_from < valid_to

{% endtest %}
