{%- set errors = var('persona_interval_errors') -%}

with
segment_sums as (
    select * from {{ ref('persona_segment_sums') }}
),

bounds as (
    select * from {{ ref('persona_bounds') }}
),

-- The rest is everybody else of the segmentation: the total less the segment.
compared as (
    select
        segmentation,
        segment_key,
        measure,
        person_count,
        scaled_sum,
        scaled_square_sum,
        raw_sum,
        sum(person_count) over everybody - person_count as rest_count,
        sum(scaled_sum) over everybody - scaled_sum as rest_sum,
        sum(scaled_square_sum) over everybody - scaled_square_sum as rest_square_sum,
        sum(raw_sum) over everybody - raw_sum as rest_raw_sum
    from segment_sums
    window everybody as (partition by segmentation, measure)
),

-- Nothing is said of a group that is too small, be it the segment or its rest.
deviations as (
    select
        *,
        scaled_sum / person_count::double as mean_scaled,
        rest_sum / rest_count::double as rest_scaled,
        sqrt(
            greatest(
                scaled_square_sum::double
                - scaled_sum::double * scaled_sum::double / person_count
                + rest_square_sum::double
                - rest_sum::double * rest_sum::double / rest_count,
                0
            )
            / (person_count + rest_count - 2)
        ) as pooled_deviation
    from compared
    where
        least(person_count, rest_count) >= greatest(
            {{ var('minimum_segment_size') }}, 2
        )
),

-- A millionth of the range is the step of a scaled measure: less spread is none.
standardised as (
    select
        *,
        (mean_scaled - rest_scaled) / pooled_deviation as effect
    from deviations
    where pooled_deviation > 1
),

-- Standard error as Hedges and Olkin (1985) give it.
persona_measure_traits as (
    select
        standardised.segmentation,
        standardised.segment_key,
        standardised.measure,
        standardised.person_count::bigint as person_count,
        standardised.rest_count::bigint as rest_person_count,
        bounds.low_bound + (bounds.high_bound - bounds.low_bound) / 1e6
        * (standardised.raw_sum / standardised.person_count::double) as segment_figure,
        bounds.low_bound + (bounds.high_bound - bounds.low_bound) / 1e6
        * (standardised.rest_raw_sum / standardised.rest_count::double) as rest_figure,
        standardised.effect,
        {{ errors }} * sqrt(
            1e0 / standardised.person_count + 1e0 / standardised.rest_count
            + standardised.effect * standardised.effect
            / (2e0 * (standardised.person_count + standardised.rest_count))
        ) as effect_margin
    from standardised
    inner join bounds
        on standardised.measure = bounds.measure
)

select * from persona_measure_traits
