with
clock as (
    select * from {{ ref('int_clock') }}
),

known as (
    {{ person_keys_known() }}
),

-- Strictly before tonight, so that a night can be run twice with one result.
int_person_keys_before as (
    select
        known.profile_key,
        arg_max(known.person_key, known.valid_from) as person_key,
        min(known.valid_from) as known_since
    from known
    cross join clock
    where known.valid_from < clock.as_of_date
    group by known.profile_key
)

select * from int_person_keys_before
