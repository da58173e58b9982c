with
memberships as {{ inlined() }} (
    select * from {{ ref('seg_memberships') }}
),

-- A sum of hashes, for it can be put aside while everybody is grouped; a list cannot.
person_keys as (
    select
        person_key,
        as_of_date,
        sum({{ fingerprint(['segmentation', 'segment_key']) }}) as combination_key
    from memberships
    group by person_key, as_of_date
),

-- One person stands for all who are in the same segments.
examples as (
    select
        combination_key,
        min(person_key) as person_key
    from person_keys
    group by combination_key
),

combinations as (
    select
        examples.combination_key,
        string_agg(
            memberships.segment_key, ' ' order by memberships.segmentation asc
        ) as segment_combination
    from memberships
    inner join examples
        on memberships.person_key = examples.person_key
    group by examples.combination_key
),

persona_person_combinations as (
    select
        person_keys.person_key,
        person_keys.as_of_date,
        combinations.segment_combination
    from person_keys
    inner join combinations
        on person_keys.combination_key = combinations.combination_key
)

select * from persona_person_combinations
