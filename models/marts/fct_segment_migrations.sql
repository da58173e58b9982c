with
windows as (
    select * from {{ ref('seg_migration_windows') }}
),

migrants as (
    select * from {{ ref('seg_migrants') }}
),

segments as (
    select * from {{ ref('dim_segments') }}
    where kind = 'partition'
),

moved as (
    select
        window_name,
        segmentation,
        from_segment_key,
        to_segment_key,
        count(*) as person_count,
        sum(monetary_amount) as revenue_amount
    from migrants
    group by window_name, segmentation, from_segment_key, to_segment_key
),

arrived as (
    select
        window_name,
        to_segment_key,
        sum(person_count) as person_count,
        sum(revenue_amount) as revenue_amount
    from moved
    group by window_name, to_segment_key
),

-- Everybody else stayed: the size of tonight without those who came.
stayed as (
    select
        windows.window_name,
        windows.segmentation,
        segments.segment_key as from_segment_key,
        segments.segment_key as to_segment_key,
        segments.person_count - coalesce(arrived.person_count, 0) as person_count,
        segments.revenue_amount - coalesce(arrived.revenue_amount, 0)
            as revenue_amount
    from windows
    inner join segments
        on windows.segmentation = segments.segmentation
    left join arrived
        on
            windows.window_name = arrived.window_name
            and segments.segment_key = arrived.to_segment_key
),

lines as (
    select * from moved
    union all
    select * from stayed
),

-- Whoever left and came back is with those who stayed.
totals as (
    select
        window_name,
        segmentation,
        from_segment_key,
        to_segment_key,
        sum(person_count)::bigint as person_count,
        sum(revenue_amount)::decimal(18, 4) as revenue_amount
    from lines
    group by window_name, segmentation, from_segment_key, to_segment_key
    having sum(person_count) > 0
),

fct_segment_migrations as (
    select
        windows.window_name,
        windows.since_on,
        windows.as_of_date,
        totals.segmentation,
        totals.from_segment_key,
        totals.to_segment_key,
        totals.person_count,
        totals.revenue_amount,
        (totals.person_count / sum(totals.person_count) over same_beginning)::double
            as from_share
    from totals
    inner join windows
        on
            totals.window_name = windows.window_name
            and totals.segmentation = windows.segmentation
    window same_beginning as (
        partition by totals.window_name, totals.segmentation, totals.from_segment_key
    )
)

select * from fct_segment_migrations
