with
decision as (
    select * from {{ ref('fit_refit_decision') }}
    where is_due
),

sample_values as (
    select sample_values.*
    from {{ ref('fit_sample_values') }} as sample_values
    inner join decision
        on sample_values.as_of_date = decision.as_of_date
),

bounds as (
    select
        feature,
        any_value(as_of_date) as fitted_on,
        list_sort(list_distinct([
            {% for decile in range(1, 10) -%}
                {{ quantile('measure', decile / 10) }}{{ ',' if not loop.last }}
            {% endfor -%}
        ])) as edges
    from sample_values
    group by feature
),

edged as (
    select
        feature,
        fitted_on,
        list_filter(edges, lambda edge: edge is not null) as edges
    from bounds
),

placed as (
    select
        edged.feature,
        {{ bin_of_value('edged.edges', 'sample_values.measure') }} as bin_number,
        count(*) as person_count
    from sample_values
    inner join edged
        on sample_values.feature = edged.feature
    group by edged.feature, bin_number
),

places as (
    select
        feature,
        fitted_on,
        edges,
        unnest(range(0, len(edges) + 2)) as bin_number
    from edged
),

fit_feature_bins as (
    select
        places.fitted_on,
        places.feature,
        any_value(places.edges) as edges,
        array_agg(
            coalesce(placed.person_count, 0)::bigint order by places.bin_number asc
        ) as person_counts
    from places
    left join placed
        on
            places.feature = placed.feature
            and places.bin_number = placed.bin_number
    group by places.fitted_on, places.feature
)

select * from fit_feature_bins
