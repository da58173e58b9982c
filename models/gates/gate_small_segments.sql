with
segments as (
    select * from {{ ref('dim_segments') }}
),

sized as (
    select
        segmentation,
        case
            when person_count > 0 and person_count < {{ var('minimum_segment_size') }}
                then segment_key || ': ' || person_count
        end as small_segment
    from segments
),

gate_small_segments as (
    select
        'small_segments' as gate,
        segmentation as subject,
        count(small_segment)::double as figure,
        coalesce(
            string_agg(small_segment, ', ' order by small_segment),
            'none has persons but fewer than {{ var("minimum_segment_size") }}'
        ) as reason
    from sized
    group by segmentation
)

select * from gate_small_segments
