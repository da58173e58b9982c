with
persons as (
    select * from {{ ref('dim_persons') }}
),

segments as (
    select * from {{ ref('dim_segments') }}
),

memberships as (
    select * from {{ ref('fct_segment_memberships') }}
),

keys as (
    select
        'dim_persons' as subject,
        count(*) as row_count,
        count(distinct person_key) as key_count
    from persons
    union all
    select
        'dim_segments' as subject,
        count(*) as row_count,
        count(distinct segment_key) as key_count
    from segments
    union all
    select
        'fct_segment_memberships' as subject,
        sum(row_count) as row_count,
        count(*) as key_count
    from (
        select count(*) as row_count
        from memberships
        group by person_key, segmentation
    ) as by_key
),

gate_repeated_keys as (
    select
        'repeated_keys' as gate,
        subject,
        (coalesce(row_count, 0) - key_count)::double as figure,
        coalesce(row_count, 0) || ' rows, ' || key_count || ' keys' as reason
    from keys
)

select * from gate_repeated_keys
