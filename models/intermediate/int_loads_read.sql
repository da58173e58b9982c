{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key=['source_name', 'table_name', 'load_id'],
    )
}}

-- depends_on: {{ ref('int_activity_daily') }}
-- depends_on: {{ ref('int_product_activity_daily') }}
-- depends_on: {{ ref('stg_shop__products') }}
-- depends_on: {{ ref('int_profiles') }}
-- depends_on: {{ ref('int_web_sessions') }}
-- depends_on: {{ ref('int_visitor_logins') }}
-- depends_on: {{ ref('int_web_places_daily') }}
-- depends_on: {{ ref('int_web_moments_daily') }}

with
lake_loads as (
    select * from {{ ref('stg_ingest__lake_loads') }}
    where is_new
),

load_counts as (
    select * from {{ ref('int_load_counts') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

-- Written last: a load counts as read when all that is made of it stands.
int_loads_read as (
    select
        lake_loads.source_name,
        lake_loads.table_name,
        lake_loads.load_id,
        lake_loads.loaded_on,
        clock.as_of_date as read_on,
        coalesce(load_counts.rows_in, 0) as row_count
    from lake_loads
    cross join clock
    left join load_counts
        on
            lake_loads.source_name = load_counts.source_name
            and lake_loads.table_name = load_counts.table_name
            and lake_loads.load_id = load_counts.load_id
)

select * from int_loads_read
