-- Who moved where in the last month, and why?
with
movements as (
    select * from {{ ref('fct_segment_movements') }}
),

segments as (
    select * from {{ ref('dim_segments') }}
),

scores as (
    select * from {{ ref('fct_person_scores') }}
),

nights as (
    select max(as_of_date) as as_of_date
    from {{ ref('fct_person_scores') }}
),

-- A segment that is gone has no name any more, and shows its key.
movements_of_the_last_month as (
    select
        movements.segmentation,
        coalesce(left_segments.segment_name, movements.from_segment_key, '(appeared)')
            as from_segment,
        coalesce(
            entered_segments.segment_name, movements.to_segment_key, '(vanished)'
        ) as to_segment,
        count(*) as move_count,
        count(distinct movements.person_key) as person_count,
        sum(scores.monetary_amount) as revenue_amount,
        avg(movements.behaviour_share) as behaviour_share,
        avg(movements.model_share) as model_share,
        avg(movements.threshold_share) as threshold_share,
        avg(movements.identity_share) as identity_share
    from movements
    inner join nights
        on date_diff('day', movements.moved_on, nights.as_of_date) < 30
    left join segments as left_segments
        on movements.from_segment_key = left_segments.segment_key
    left join segments as entered_segments
        on movements.to_segment_key = entered_segments.segment_key
    left join scores
        on movements.person_key = scores.person_key
    group by
        movements.segmentation, left_segments.segment_name,
        movements.from_segment_key, entered_segments.segment_name,
        movements.to_segment_key
)

select * from movements_of_the_last_month
order by segmentation asc, move_count desc
