with
departments as (
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

department_shares as (
    select
        departments.person_key,
        departments.as_of_date,
        departments.department,
        departments.sale_amount::double as sale_amount,
        departments.unit_count * typical_prices.typical_price as typical_amount,
        departments.line_count::double
        / sum(departments.line_count) over (partition by departments.person_key)
            as line_share,
        -- Equal shares give the earlier name, so that a rebuild gives the same.
        row_number() over (
            partition by departments.person_key
            order by departments.line_count desc, departments.department asc
        ) as department_rank
    from departments
    left join typical_prices
        on departments.department = typical_prices.department
),

brand_shares as (
    select
        person_key,
        brand,
        line_count::double
        / sum(line_count) over (partition by person_key) as line_share,
        row_number() over (
            partition by person_key order by line_count desc, brand asc
        ) as brand_rank
    from brands
),

person_brands as (
    select
        person_key,
        count(*) as brand_count,
        any_value(brand) filter (where brand_rank = 1) as top_brand,
        max(line_share) as top_brand_share,
        round(0 - sum(line_share * ln(line_share)), 9) as brand_entropy
    from brand_shares
    group by person_key
),

person_departments as (
    select
        person_key,
        as_of_date,
        count(*) as department_count,
        any_value(department) filter (where department_rank = 1) as top_department,
        max(line_share) as top_department_share,
        -- Rounded, because sums of doubles depend on the order of the threads.
        round(0 - sum(line_share * ln(line_share)), 9) as department_entropy,
        round(sum(sale_amount) / nullif(sum(typical_amount), 0), 9) as price_level
    from department_shares
    group by person_key, as_of_date
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
