with
former_model as (
    select * from {{ ref('fit_former_model') }}
),

bins as (
    {{ remembered_rows('fits', 'fit_feature_bins', {
        'fitted_on': 'date', 'feature': 'varchar', 'edges': 'double[]',
        'person_counts': 'bigint[]',
    }) | indent(4) }}
),

former_bins as (
    select bins.*
    from bins
    inner join former_model
        on bins.fitted_on = former_model.fitted_on
),

sample_values as (
    select * from {{ ref('fit_sample_values') }}
),

placed as (
    select
        former_bins.feature,
        {{ bin_of_value('former_bins.edges', 'sample_values.measure') }} as bin_number,
        count(*) as person_count
    from sample_values
    inner join former_bins
        on sample_values.feature = former_bins.feature
    group by former_bins.feature, bin_number
),

places as (
    select
        feature,
        unnest(range(0, len(person_counts))) as bin_number,
        unnest(person_counts) as former_count,
        len(person_counts) as bin_count,
        list_sum(person_counts) as former_total
    from former_bins
),

counted as (
    select
        places.*,
        coalesce(placed.person_count, 0) as person_count,
        sum(coalesce(placed.person_count, 0)) over (
            partition by places.feature
        ) as person_total
    from places
    left join placed
        on
            places.feature = placed.feature
            and places.bin_number = placed.bin_number
),

-- Half a person more in every bin, so that an empty one has a logarithm.
shares as (
    select
        feature,
        bin_number,
        (former_count + 0.5) / (former_total + 0.5 * bin_count) as former_share,
        (person_count + 0.5) / (person_total + 0.5 * bin_count) as person_share
    from counted
    where person_total > 0
),

fit_feature_drift as (
    select
        feature,
        sum(
            (person_share - former_share) * ln(person_share / former_share)
            order by bin_number asc
        ) as stability_index
    from shares
    group by feature
)

select * from fit_feature_drift
