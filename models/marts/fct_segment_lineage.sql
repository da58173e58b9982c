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

pairs as (
    select * from {{ ref('fit_segment_relations') }}
),

related as (
    select * from pairs
    where relation is not null
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
    anti join related as known
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
    from pairs as gone
    anti join related as known
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
