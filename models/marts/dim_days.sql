with
clock as (
    select * from {{ ref('int_clock') }}
),

contacts as (
    select * from {{ ref('int_person_contacts') }}
),

-- Nobody's first activity is earlier than the longest tenure ago.
longest_tenure as (
    select
        clock.as_of_date,
        coalesce(max(contacts.tenure_days), 0) as tenure_days
    from clock
    left join contacts
        on clock.as_of_date = contacts.as_of_date
    group by clock.as_of_date
),

dim_days as (
    select as_of_date - unnest(range(0, tenure_days + 1))::integer as calendar_on
    from longest_tenure
)

select * from dim_days
