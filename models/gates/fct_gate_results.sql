with
silent_sources as (
    select * from {{ ref('gate_silent_sources') }}
),

repeated_keys as (
    select * from {{ ref('gate_repeated_keys') }}
),

missing_memberships as (
    select * from {{ ref('gate_missing_memberships') }}
),

unreconciled_loads as (
    select * from {{ ref('gate_unreconciled_loads') }}
),

quarantined_shares as (
    select * from {{ ref('gate_quarantined_shares') }}
),

moved_shares as (
    select * from {{ ref('gate_moved_shares') }}
),

small_segments as (
    select * from {{ ref('gate_small_segments') }}
),

limits as (
    select * from {{ ref('gates') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

figures as (
    select * from silent_sources
    union all
    select * from repeated_keys
    union all
    select * from missing_memberships
    union all
    select * from unreconciled_loads
    union all
    select * from quarantined_shares
    union all
    select * from moved_shares
    union all
    select * from small_segments
),

-- A line for this very subject goes before the line for every one.
limited as (
    select
        figures.*,
        limits.limit_value,
        limits.is_blocking
    from figures
    inner join limits
        on
            figures.gate = limits.gate
            and limits.subject in (figures.subject, '*')
    qualify row_number() over (
        partition by figures.gate, figures.subject
        order by case when limits.subject = '*' then 1 else 0 end
    ) = 1
),

fct_gate_results as (
    select
        clock.as_of_date,
        limited.gate,
        limited.subject,
        coalesce(limited.figure <= limited.limit_value, false) as passed,
        limited.is_blocking,
        limited.figure,
        limited.limit_value,
        limited.reason,
        '{{ invocation_id }}' as invocation_id
    from limited
    cross join clock
)

select * from fct_gate_results
