{%- set errors = var('persona_interval_errors') -%}

with
counts as (
    select * from {{ ref('persona_attribute_counts') }}
),

combinations as (
    select * from {{ ref('persona_combinations') }}
),

segment_counts as (
    select
        combinations.segmentation,
        combinations.segment_key,
        counts.attribute,
        counts.attribute_value,
        sum(counts.person_count) as value_count
    from counts
    inner join combinations
        on counts.segment_combination = combinations.segment_combination
    group by
        combinations.segmentation,
        combinations.segment_key,
        counts.attribute,
        counts.attribute_value
),

-- Shares are of those of whom the attribute is known.
known as (
    select
        *,
        sum(value_count) over (
            partition by segmentation, segment_key, attribute
        ) as person_count,
        sum(value_count) over (
            partition by segmentation, attribute, attribute_value
        ) - value_count as rest_value_count,
        sum(value_count) over (
            partition by segmentation, attribute
        ) as everybody_count
    from segment_counts
),

-- Nothing is said of a group that is too small: the segment, its rest, or those of the
-- segment who have the value.
compared as (
    select
        *,
        everybody_count - person_count as rest_count
    from known
    where
        least(value_count, everybody_count - person_count)
        >= {{ var('minimum_segment_size') }}
),

-- Katz's interval of a ratio, on the logarithm; half a person more on each side
-- (Walter 1975) gives one where nobody of the rest has the value.
ratios as (
    select
        *,
        ln((value_count + 0.5e0) / (person_count + 0.5e0))
        - ln((rest_value_count + 0.5e0) / (rest_count + 0.5e0)) as log_lift,
        {{ errors }} * sqrt(
            1e0 / (value_count + 0.5e0) - 1e0 / (person_count + 0.5e0)
            + 1e0 / (rest_value_count + 0.5e0) - 1e0 / (rest_count + 0.5e0)
        ) as log_margin
    from compared
),

-- Cohen's h sets two shares apart on the scale of a standardised difference, so that
-- traits of both kinds rank together.
persona_attribute_traits as (
    select
        segmentation,
        segment_key,
        attribute,
        attribute_value,
        person_count::bigint as person_count,
        rest_count::bigint as rest_person_count,
        value_count / person_count::double as segment_figure,
        rest_value_count / rest_count::double as rest_figure,
        2e0 * asin(sqrt(value_count / person_count::double))
        - 2e0 * asin(sqrt(rest_value_count / rest_count::double)) as effect,
        exp(log_lift) as lift,
        exp(log_lift - log_margin) as lift_low,
        exp(log_lift + log_margin) as lift_high
    from ratios
)

select * from persona_attribute_traits
