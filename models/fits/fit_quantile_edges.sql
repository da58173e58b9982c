with
value_counts as (
    select * from {{ ref('fit_value_counts') }}
),

rules as (
    select * from {{ ref('thresholds') }}
    where method in ('quantiles', 'approximate_quantiles')
),

ranked as (
    select
        *,
        sum(person_count) over (
            partition by variable, scope, scope_value order by measure asc
        ) as persons_up_to,
        sum(person_count) over (partition by variable, scope, scope_value)
            as sample_size
    from value_counts
),

edge_numbers as (
    select
        variable,
        scope,
        bin_count,
        unnest(range(1, bin_count))::bigint as edge_number
    from rules
),

-- An edge is a value that somebody has: the first one up to which, with the person at
-- the quantile's place, at least the share lies. R's rfm cuts there too.
fit_quantile_edges as (
    select
        edge_numbers.variable,
        edge_numbers.scope,
        ranked.scope_value,
        edge_numbers.edge_number,
        min(ranked.measure) as edge
    from edge_numbers
    inner join ranked
        on
            edge_numbers.variable = ranked.variable
            and edge_numbers.scope = ranked.scope
            and ranked.persons_up_to
            >= (
                (ranked.sample_size - 1) * edge_numbers.edge_number
                + edge_numbers.bin_count - 1
            ) // edge_numbers.bin_count + 1
    group by
        edge_numbers.variable,
        edge_numbers.scope,
        ranked.scope_value,
        edge_numbers.edge_number
)

select * from fit_quantile_edges
