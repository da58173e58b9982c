with
communes as (
    select * from {{ ref('stg_reference__communes_judged') }}
    where row_verdict = 'kept'
),

stg_reference__communes as (
    select
        country_code,
        commune_code,
        commune_name,
        commune_kind,
        department_code,
        region_code,
        population_count
    from communes
)

select * from stg_reference__communes
