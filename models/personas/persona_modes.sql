with
counts as (
    select * from {{ ref('persona_attribute_counts') }}
),

combinations as (
    select * from {{ ref('persona_combinations') }}
),

words as (
    select * from {{ ref('persona_attributes') }}
),

segment_counts as (
    select
        combinations.segmentation,
        combinations.segment_key,
        counts.attribute,
        counts.attribute_value,
        sum(counts.person_count)::bigint as value_count
    from counts
    inner join combinations
        on counts.segment_combination = combinations.segment_combination
    group by
        combinations.segmentation,
        combinations.segment_key,
        counts.attribute,
        counts.attribute_value
),

shares as (
    select
        *,
        sum(value_count) over (
            partition by segmentation, segment_key, attribute
        )::bigint as known_count
    from segment_counts
),

-- What too few have is not said, though it be the most there is.
persona_modes as (
    select
        shares.segmentation,
        shares.segment_key,
        shares.attribute,
        words.priority,
        shares.attribute_value,
        shares.known_count,
        shares.value_count / shares.known_count::double as value_share
    from shares
    inner join words
        on shares.attribute = words.attribute
    where shares.value_count >= greatest({{ var('minimum_segment_size') }}, 2)
    qualify row_number() over (
        partition by shares.segmentation, shares.segment_key, shares.attribute
        order by shares.value_count desc, shares.attribute_value asc
    ) = 1
)

select * from persona_modes
