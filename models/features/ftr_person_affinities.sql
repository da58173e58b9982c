with
tastes as {{ inlined() }} (
    select * from {{ ref('int_person_tastes') }}
    where kind in ('department', 'brand')
),

-- What a unit of each department costs on the whole, all persons together.
typical_prices as (
    select
        trait as department,
        sum(sale_amount)::double / nullif(sum(unit_count), 0) as typical_price
    from tastes
    where kind = 'department'
    group by trait
),

person_departments as (
    select
        tastes.person_key,
        tastes.as_of_date,
        count(*) as department_count,
        {{ most_of('tastes.trait', 'tastes.event_count') }} as top_department,
        max(tastes.event_count)::double / sum(tastes.event_count)
            as top_department_share,
        {{ entropy_of('tastes.event_count') }} as department_entropy,
        -- Rounded, because sums of doubles depend on the order of the threads.
        round(
            sum(tastes.sale_amount)::double
            / nullif(sum(tastes.unit_count * typical_prices.typical_price), 0),
            9
        ) as price_level
    from tastes
    left join typical_prices
        on tastes.trait = typical_prices.department
    where tastes.kind = 'department'
    group by tastes.person_key, tastes.as_of_date
),

person_brands as (
    select
        person_key,
        count(*) as brand_count,
        {{ most_of('trait', 'event_count') }} as top_brand,
        max(event_count)::double / sum(event_count) as top_brand_share,
        {{ entropy_of('event_count') }} as brand_entropy
    from tastes
    where kind = 'brand'
    group by person_key
),

ftr_person_affinities as (
    select
        person_departments.*,
        person_brands.brand_count,
        person_brands.top_brand,
        person_brands.top_brand_share,
        person_brands.brand_entropy
    from person_departments
    left join person_brands
        on person_departments.person_key = person_brands.person_key
)

select * from ftr_person_affinities
