with
decisions as (
    select * from {{ ref('identity_decisions') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

keyed as (
    select
        {{ key_from_text("left_source || ':' || left_profile_id") }} as one_key,
        {{ key_from_text("right_source || ':' || right_profile_id") }} as other_key,
        decisions.decision,
        decisions.decided_on
    from decisions
    cross join clock
    where decisions.decided_on <= clock.as_of_date
),

-- The last word on a pair counts; said both on one day, apart is the safer.
int_identity_decisions as (
    select
        least(one_key, other_key) as left_profile_key,
        greatest(one_key, other_key) as right_profile_key,
        arg_max(decision, (decided_on, decision = 'different')) as decision,
        max(decided_on) as decided_on
    from keyed
    where one_key != other_key
    group by least(one_key, other_key), greatest(one_key, other_key)
)

select * from int_identity_decisions
