with
thresholds as (
    select * from {{ ref('fit_thresholds') }}
),

fct_thresholds as (
    select
        variable,
        scope,
        as_of_date,
        method,
        edges,
        sample_size,
        reason
    from thresholds
)

select * from fct_thresholds
