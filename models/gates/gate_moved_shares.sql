with
sizes as (
    select * from {{ ref('fct_segment_sizes_daily') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

nights as (
    select max(sizes.as_of_date) as night_before
    from sizes
    inner join clock
        on sizes.as_of_date < clock.as_of_date
),

tonight as (
    select sizes.*
    from sizes
    inner join clock
        on sizes.as_of_date = clock.as_of_date
),

night_before as (
    select sizes.*
    from sizes
    inner join nights
        on sizes.as_of_date = nights.night_before
),

-- A segment that was born or died moved by its whole share.
changes as (
    select
        coalesce(tonight.segmentation, night_before.segmentation) as segmentation,
        coalesce(tonight.segment_key, night_before.segment_key) as segment_key,
        coalesce(tonight.person_share, 0) as share_tonight,
        coalesce(night_before.person_share, 0) as share_before,
        abs(coalesce(tonight.person_share, 0) - coalesce(night_before.person_share, 0))
            as moved_share
    from tonight
    full outer join night_before
        on tonight.segment_key = night_before.segment_key
),

-- A segmentation that is new, or gone, is compared with nothing.
compared as (
    select changes.*
    from changes
    window same_segmentation as (partition by changes.segmentation)
    qualify
        sum(changes.share_tonight) over same_segmentation > 0
        and sum(changes.share_before) over same_segmentation > 0
        and row_number() over (
            partition by changes.segmentation
            order by changes.moved_share desc, changes.segment_key asc
        ) = 1
),

gate_moved_shares as (
    select
        'moved_share' as gate,
        compared.segmentation as subject,
        round(compared.moved_share, 9)::double as figure,
        compared.segment_key || ' went from ' || round(100 * compared.share_before, 1)
        || ' % to ' || round(100 * compared.share_tonight, 1) || ' % since '
        || nights.night_before as reason
    from compared
    cross join nights
)

select * from gate_moved_shares
