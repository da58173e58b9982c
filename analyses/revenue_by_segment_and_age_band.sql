-- In which age bands do the segments earn their revenue?
with
scores as (
    select * from {{ ref('fct_person_scores') }}
),

memberships as (
    select * from {{ ref('fct_segment_memberships') }}
    where segmentation = 'behaviour'
),

persons as (
    select * from {{ ref('dim_persons') }}
),

segments as (
    select * from {{ ref('dim_segments') }}
),

revenue_by_segment_and_age_band as (
    select
        segments.segment_name,
        coalesce(persons.age_band, 'unknown') as age_band,
        count(*) as person_count,
        sum(scores.monetary_amount) as revenue_amount
    from memberships
    inner join segments
        on memberships.segment_key = segments.segment_key
    inner join persons
        on memberships.person_key = persons.person_key
    inner join scores
        on memberships.person_key = scores.person_key
    group by segments.segment_name, coalesce(persons.age_band, 'unknown')
)

select * from revenue_by_segment_and_age_band
