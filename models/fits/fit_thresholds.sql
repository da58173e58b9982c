{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='as_of_date',
        full_refresh=false,
    )
}}

with
measures as (
    select * from {{ ref('ftr_person_measures') }}
),

rules as (
    select * from {{ ref('thresholds') }}
),

-- Counting equal values first leaves little to sort.
value_counts as (
    select
        variable,
        as_of_date,
        measure,
        count(*) as person_count
    from measures
    group by variable, as_of_date, measure
),

ranked as (
    select
        variable,
        as_of_date,
        measure,
        sum(person_count) over (
            partition by variable, as_of_date order by measure asc
        ) as persons_up_to,
        sum(person_count) over (partition by variable, as_of_date) as sample_size
    from value_counts
),

edge_numbers as (
    select
        rules.variable,
        rules.method,
        rules.scope,
        rules.bin_count,
        unnest(range(1, rules.bin_count)) as edge_number
    from rules
),

-- An edge is a value that somebody has: the first one up to which, with the person at
-- the quantile's place, at least the share lies. R's rfm cuts there too.
edges as (
    select
        edge_numbers.variable,
        edge_numbers.scope,
        ranked.as_of_date,
        edge_numbers.method,
        edge_numbers.bin_count,
        edge_numbers.edge_number,
        min(ranked.measure) as edge,
        any_value(ranked.sample_size) as sample_size
    from edge_numbers
    inner join ranked
        on
            edge_numbers.variable = ranked.variable
            and ranked.persons_up_to
            >= (
                (ranked.sample_size - 1) * edge_numbers.edge_number
                + edge_numbers.bin_count - 1
            ) // edge_numbers.bin_count + 1
    group by
        edge_numbers.variable,
        edge_numbers.scope,
        ranked.as_of_date,
        edge_numbers.method,
        edge_numbers.bin_count,
        edge_numbers.edge_number
),

fit_thresholds as (
    select
        variable,
        scope,
        as_of_date,
        method,
        array_agg(edge order by edge_number asc) as edges,
        any_value(sample_size)::bigint as sample_size,
        case
            when count(distinct edge) < count(*)
                then 'equal values span several groups: some scores stay empty'
            else bin_count || ' groups, as equal as whole persons allow'
        end as reason
    from edges
    group by variable, scope, as_of_date, method, bin_count
)

select * from fit_thresholds
