{{ config(materialized='view') }}

with
windows as (
    select * from {{ ref('seg_migration_windows') }}
),

history as (
    select * from {{ ref('seg_membership_history') }}
),

scores as (
    select * from {{ ref('seg_rfm_scores') }}
),

-- Of each person the segment at the beginning, when she left it since, and the one she
-- is in, when she entered it since. Whoever is back has both.
ends as (
    select
        windows.window_name,
        windows.since_on,
        windows.segmentation,
        history.person_key,
        max(history.segment_key) filter (where history.valid_to is not null)
            as from_segment_key,
        max(history.segment_key) filter (where history.valid_to is null)
            as to_segment_key
    from windows
    inner join history
        on
            windows.segmentation = history.segmentation
            and (
                windows.since_on >= history.valid_from
                and windows.since_on < history.valid_to
                or windows.since_on < history.valid_from
                and history.valid_to is null
            )
    group by
        windows.window_name,
        windows.since_on,
        windows.segmentation,
        history.person_key
),

seg_migrants as (
    select
        ends.*,
        coalesce(scores.monetary_amount, 0)::decimal(18, 2) as monetary_amount
    from ends
    left join scores
        on ends.person_key = scores.person_key
)

select * from seg_migrants
