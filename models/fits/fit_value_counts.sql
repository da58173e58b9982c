with
measures as (
    select * from {{ ref('ftr_person_measures') }}
),

rules as (
    select * from {{ ref('thresholds') }}
),

lifecycle as (
    select * from {{ ref('ftr_person_lifecycle') }}
),

person_groups as (
    select * from {{ ref('ftr_person_groups') }}
),

scoped as (
    select
        rules.variable,
        rules.scope,
        case rules.scope
            when 'lifecycle' then lifecycle.lifecycle_stage
            when 'region' then coalesce(person_groups.region, 'unknown')
            else 'all'
        end as scope_value,
        measures.as_of_date,
        measures.measure,
        case
            when rules.method = 'quantiles' then measures.measure
            else {{ bucketed('measures.measure') }}
        end as bucket
    from measures
    inner join rules
        on measures.variable = rules.variable
    left join lifecycle
        on measures.person_key = lifecycle.person_key
    left join person_groups
        on measures.person_key = person_groups.person_key
),

-- A bucket goes by the largest value that somebody in it has, so edges are such values.
fit_value_counts as (
    select
        variable,
        scope,
        scope_value,
        as_of_date,
        max(measure) as measure,
        count(*) as person_count
    from scoped
    group by variable, scope, scope_value, as_of_date, bucket
)

select * from fit_value_counts
