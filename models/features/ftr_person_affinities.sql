with
departments as {{ inlined() }} (
    select * from {{ ref('int_person_departments') }}
),

brands as (
    select * from {{ ref('int_person_brands') }}
),

-- What a unit of each department costs on the whole, all persons together.
typical_prices as (
    select
        department,
        sum(sale_amount)::double / nullif(sum(unit_count), 0) as typical_price
    from departments
    group by department
),

person_departments as (
    select
        departments.person_key,
        departments.as_of_date,
        count(*) as department_count,
        {{ most_of('departments.department', 'departments.line_count') }}
            as top_department,
        max(departments.line_count)::double / sum(departments.line_count)
            as top_department_share,
        {{ entropy_of('departments.line_count') }} as department_entropy,
        -- Rounded, because sums of doubles depend on the order of the threads.
        round(
            sum(departments.sale_amount)::double
            / nullif(sum(departments.unit_count * typical_prices.typical_price), 0),
            9
        ) as price_level
    from departments
    left join typical_prices
        on departments.department = typical_prices.department
    group by departments.person_key, departments.as_of_date
),

person_brands as (
    select
        person_key,
        count(*) as brand_count,
        {{ most_of('brand', 'line_count') }} as top_brand,
        max(line_count)::double / sum(line_count) as top_brand_share,
        {{ entropy_of('line_count') }} as brand_entropy
    from brands
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
