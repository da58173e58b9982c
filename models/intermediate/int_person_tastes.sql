with
purchases as {{ inlined() }} (
    select * from {{ ref('int_person_purchases_daily') }}
),

topic_activity as (
    select * from {{ ref('int_topic_activity_daily') }}
),

accounts as (
    select * from {{ ref('int_person_profiles') }}
    where source_name = 'social'
),

clock as (
    select * from {{ ref('int_clock') }}
),

departments as (
    select
        person_key,
        'department' as kind,
        department as trait,
        sum(line_count)::bigint as event_count,
        sum(unit_count)::decimal(18, 4) as unit_count,
        sum(sale_amount)::decimal(18, 4) as sale_amount,
        sum(costed_sale_amount)::decimal(18, 4) as costed_sale_amount,
        sum(cost_amount)::decimal(18, 4) as cost_amount
    from purchases
    group by person_key, department
),

brands as (
    select
        person_key,
        'brand' as kind,
        brand as trait,
        sum(line_count)::bigint as event_count,
        null::decimal(18, 4) as unit_count,
        null::decimal(18, 4) as sale_amount,
        null::decimal(18, 4) as costed_sale_amount,
        null::decimal(18, 4) as cost_amount
    from purchases
    where brand is not null
    group by person_key, brand
),

topics as (
    select
        accounts.person_key,
        'topic' as kind,
        topic_activity.topic as trait,
        sum(topic_activity.event_count)::bigint as event_count,
        null::decimal(18, 4) as unit_count,
        null::decimal(18, 4) as sale_amount,
        null::decimal(18, 4) as costed_sale_amount,
        null::decimal(18, 4) as cost_amount
    from topic_activity
    inner join accounts
        on {{ same_profile('topic_activity', 'accounts') }}
    cross join clock
    where topic_activity.activity_on <= clock.as_of_date
    group by accounts.person_key, topic_activity.topic
),

-- What a purchase is worth is told by department, which every line has one of.
int_person_tastes as (
    select
        tastes.*,
        clock.as_of_date
    from (
        select * from departments
        union all
        select * from brands
        union all
        select * from topics
    ) as tastes
    cross join clock
)

select * from int_person_tastes
