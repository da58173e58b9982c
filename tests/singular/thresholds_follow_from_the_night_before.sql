{{ config(severity='warn', group='audience_making') }}

-- After a past night was built again the later ones stem from edges that are no more:
-- `tessera nightly --as-of <the next night> --until <the last>` builds them in order.
with
nights as (
    select
        variable,
        scope,
        scope_value,
        as_of_date,
        previous_on,
        previous_edges,
        lag(as_of_date) over same_edges as last_night_on,
        lag(smoothed_edges) over same_edges as last_night_edges
    from {{ ref('fit_thresholds') }}
    window same_edges as (
        partition by variable, scope, scope_value order by as_of_date asc
    )
)

select *
from nights
where
    previous_on != last_night_on
    or previous_edges is distinct from last_night_edges
    and previous_on is not null
