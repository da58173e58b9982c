{#- Before the seeds stand one measure keeps the model's shape. -#}
{%- set names = told_measures() | map(attribute='name') | list or ['order_count'] -%}

with
sample_rows as (
    select * from {{ ref('fit_sample') }}
),

measures as (
    select * from {{ unpivoted('sample_rows', names) }}
    where {{ is_finite('measure') }}
),

ranges as (
    select
        variable as measure,
        {{ quantile('measure', 0.005) }} as low_quantile,
        {{ quantile('measure', 0.995) }} as high_quantile,
        min(measure) as least_value,
        max(measure) as largest_value,
        {{ quantile('measure', 0.2) }} as low_edge,
        {{ quantile('measure', 0.8) }} as high_edge
    from measures
    group by variable
),

-- Where nearly all are alike (coupons redeemed) the quantiles are one value, and the
-- few who differ are what there is to tell.
persona_bounds as (
    select
        measure,
        case when high_quantile > low_quantile then low_quantile else least_value end
            as low_bound,
        case when high_quantile > low_quantile then high_quantile else largest_value end
            as high_bound,
        low_edge,
        high_edge
    from ranges
)

select * from persona_bounds
