{{ config(pre_hook="{{ forget_resolutions() }}") }}

with
resolutions as (
    {{ rows_before('int_identity_resolutions', {
        'resolved_at': 'timestamp', 'as_of_date': 'date', 'rules_key': 'bigint',
    }) }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

rules as (
    select * from {{ ref('int_identity_rules') }}
),

last_resolution as (
    select
        max(resolved_at) as resolved_at,
        arg_max(as_of_date, resolved_at) as as_of_date,
        arg_max(rules_key, resolved_at) as rules_key
    from resolutions
),

-- What was resolved by other rules, or never to the end, is all resolved again.
int_identity_last_resolution as (
    select
        clock.as_of_date,
        last_resolution.resolved_at,
        least(last_resolution.as_of_date, clock.as_of_date) as after_date,
        greatest(last_resolution.as_of_date, clock.as_of_date) as until_date,
        (last_resolution.rules_key is distinct from rules.rules_key) as is_outdated
    from clock
    cross join rules
    cross join last_resolution
)

select * from int_identity_last_resolution
