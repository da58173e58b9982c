{{ config(materialized='view') }}

{#- Share of a segment's persons that makes it the issue, or the heir, of another. -#}
{%- set most = 0.5 -%}

with
champions as (
    select * from {{ ref('fit_champions') }}
    where is_promoted
),

keys as (
    select * from {{ ref('fit_segment_keys') }}
),

shared as (
    select * from {{ ref('fit_segment_overlaps') }}
),

pairs as (
    select
        champions.fitted_on,
        former_keys.segment_key as from_segment_key,
        keys.segment_key as to_segment_key,
        shared.jaccard,
        shared.shared_count / shared.former_count as share_of_former,
        shared.shared_count / shared.person_count as share_of_new,
        keys.former_segment_key is null as is_new,
        former_keys.segment_key not in (
            select kept.former_segment_key
            from keys as kept
            where
                kept.fitted_on = champions.fitted_on
                and kept.former_segment_key is not null
        ) as is_gone
    from champions
    inner join shared
        on champions.fitted_on = shared.fitted_on
    inner join keys
        on
            shared.fitted_on = keys.fitted_on
            and shared.segment_number = keys.segment_number
    inner join keys as former_keys
        on
            champions.former_fitted_on = former_keys.fitted_on
            and shared.former_segment_number = former_keys.segment_number
),

fit_segment_relations as (
    select
        *,
        case
            when from_segment_key = to_segment_key then 'same'
            when is_new and share_of_new >= {{ most }} then 'split'
            when is_gone and share_of_former >= {{ most }} then 'merged'
        end as relation
    from pairs
)

select * from fit_segment_relations
