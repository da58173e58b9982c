{#- Share of a segment's persons that makes it the issue, or the heir, of another. -#}
{%- set most = 0.5 -%}

with
champions as (
    select * from {{ ref('fit_champions') }}
    where is_promoted
),

versions as (
    select * from {{ ref('fit_versions') }}
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

related as (
    select
        *,
        case
            when from_segment_key = to_segment_key then 'same'
            when is_new and share_of_new >= {{ most }} then 'split'
            when is_gone and share_of_former >= {{ most }} then 'merged'
        end as relation
    from pairs
),

-- A segment that nobody's heir is, is born; one that nothing came of has retired.
ends as (
    select
        keys.fitted_on,
        null as from_segment_key,
        keys.segment_key as to_segment_key,
        'born' as relation
    from champions
    inner join keys
        on champions.fitted_on = keys.fitted_on
    anti join (select * from related where relation is not null) as known
        on
            keys.fitted_on = known.fitted_on
            and keys.segment_key = known.to_segment_key
            and known.relation in ('same', 'split')
    where keys.former_segment_key is null
    union all
    select distinct
        gone.fitted_on,
        gone.from_segment_key,
        null as to_segment_key,
        'retired' as relation
    from related as gone
    anti join (select * from related where relation is not null) as known
        on
            gone.fitted_on = known.fitted_on
            and gone.from_segment_key = known.from_segment_key
            and known.relation = 'merged'
    where gone.is_gone
),

relations as (
    select
        fitted_on,
        from_segment_key,
        to_segment_key,
        relation,
        jaccard,
        share_of_former,
        share_of_new
    from related
    where relation is not null
    union all by name
    select * from ends
),

fct_segment_lineage as (
    select
        versions.model_version,
        relations.fitted_on,
        relations.from_segment_key,
        relations.to_segment_key,
        relations.relation,
        relations.jaccard,
        relations.share_of_former,
        relations.share_of_new
    from relations
    inner join versions
        on relations.fitted_on = versions.fitted_on
)

select * from fct_segment_lineage
