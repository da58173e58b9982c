-- Who was in which behaviour segment two weeks ago, and where is she now?
with
history as (
    select * from {{ ref('fct_segment_membership_history') }}
    where segmentation = 'behaviour'
),

nights as (
    select max(as_of_date) as as_of_date
    from {{ ref('fct_segment_memberships') }}
),

memberships as (
    select * from {{ ref('fct_segment_memberships') }}
    where segmentation = 'behaviour'
),

segment_members_on_a_night as (
    select
        history.segment_key as segment_key_then,
        memberships.segment_key as segment_key_now,
        count(*) as person_count
    from history
    inner join nights
        on
            history.valid_from <= nights.as_of_date - 14
            and (
                history.valid_to is null or history.valid_to > nights.as_of_date - 14
            )
    left join memberships
        on history.person_key = memberships.person_key
    group by history.segment_key, memberships.segment_key
)

select * from segment_members_on_a_night
order by segment_key_then asc, person_count desc
