with
assignments as {{ inlined() }} (
    select * from {{ ref('int_person_key_assignments') }}
),

before as (
    select * from {{ ref('int_person_keys_before') }}
),

former_keys as (
    select * from {{ ref('int_person_keys_former') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

moves as (
    select
        previous_person_key as from_person_key,
        person_key as to_person_key,
        count(*) as profile_count,
        min(profile_key) as example_profile_key
    from assignments
    where previous_person_key != person_key
    group by previous_person_key, person_key
),

in_use_tonight as (
    select assignments.person_key
    from assignments
    semi join moves
        on assignments.person_key = moves.from_person_key
    group by assignments.person_key
),

in_use_before as (
    select before.person_key
    from before
    semi join moves
        on before.person_key = moves.to_person_key
    group by before.person_key
),

int_person_key_moves as (
    select
        clock.as_of_date as changed_on,
        moves.*,
        case
            when in_use_before.person_key is null and former_keys.person_key is null
                then 'split'
            when in_use_before.person_key is null then 'restored'
            when in_use_tonight.person_key is null then 'merged'
            else 'moved'
        end as change_type
    from moves
    cross join clock
    left join in_use_tonight
        on moves.from_person_key = in_use_tonight.person_key
    left join in_use_before
        on moves.to_person_key = in_use_before.person_key
    left join former_keys
        on moves.to_person_key = former_keys.person_key
)

select * from int_person_key_moves
