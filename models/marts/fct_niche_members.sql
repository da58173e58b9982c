with
members as (
    select * from {{ ref('niche_members') }}
),

facts as (
    select * from {{ ref('niche_facts') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

fct_niche_members as (
    select
        members.niche_key,
        members.person_key,
        members.segment_key,
        clock.as_of_date
    from members
    inner join facts
        on members.niche_key = facts.niche_key
    cross join clock
)

select * from fct_niche_members
