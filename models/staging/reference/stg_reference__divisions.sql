with
divisions as (
    select * from {{ ref('stg_reference__divisions_judged') }}
    where row_verdict = 'kept'
),

stg_reference__divisions as (
    select
        country_code,
        division_kind,
        division_code,
        division_name,
        region_code
    from divisions
)

select * from stg_reference__divisions
