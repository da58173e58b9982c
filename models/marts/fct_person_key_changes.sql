with
changes as (
    select * from {{ ref('int_person_key_changes') }}
),

fct_person_key_changes as (
    select
        changed_on,
        from_person_key,
        to_person_key,
        change_type,
        reason,
        profile_count
    from changes
)

select * from fct_person_key_changes
