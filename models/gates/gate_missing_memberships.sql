with
persons as {{ inlined() }} (
    select * from {{ ref('dim_persons') }}
    where is_known
),

segments as (
    select * from {{ ref('dim_segments') }}
    where kind = 'partition'
),

memberships as (
    select * from {{ ref('fct_segment_memberships') }}
),

everybody as (
    select count(*) as person_count
    from persons
),

members as (
    select
        memberships.segmentation,
        count(*) as member_count
    from memberships
    inner join persons
        on memberships.person_key = persons.person_key
    group by memberships.segmentation
),

segmentations as (
    select segmentation
    from segments
    group by segmentation
),

gate_missing_memberships as (
    select
        'missing_memberships' as gate,
        segmentations.segmentation as subject,
        (everybody.person_count - coalesce(members.member_count, 0))::double as figure,
        everybody.person_count || ' known persons, '
        || coalesce(members.member_count, 0) || ' of them in a segment' as reason
    from segmentations
    cross join everybody
    left join members
        on segmentations.segmentation = members.segmentation
)

select * from gate_missing_memberships
