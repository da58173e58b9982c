{%- set causes = ['behaviour', 'model', 'threshold', 'identity'] -%}

with
sizes as (
    select * from {{ ref('fct_segment_sizes_daily') }}
),

nights as (
    select * from {{ ref('seg_nights') }}
),

movements as (
    select * from {{ ref('fct_segment_movements_daily') }}
),

-- After a past night was built again later ones are counted but remembered no more.
counted as (
    select
        sizes.*,
        dense_rank() over (order by sizes.as_of_date asc) as night_number
    from sizes
    semi join nights
        on
            sizes.as_of_date = nights.as_of_date
            and sizes.segmentation = nights.segmentation
),

pairs as (
    select
        later_nights.segmentation,
        later_nights.as_of_date,
        earlier_nights.as_of_date as previous_on
    from counted as later_nights
    inner join counted as earlier_nights
        on
            later_nights.segmentation = earlier_nights.segmentation
            and later_nights.night_number = earlier_nights.night_number + 1
    group by
        later_nights.segmentation, later_nights.as_of_date, earlier_nights.as_of_date
),

-- A segment that there was on one of the two nights only had nobody on the other.
counts as (
    select
        pairs.as_of_date,
        pairs.previous_on,
        pairs.segmentation,
        counted.segment_key,
        coalesce(max(counted.person_count) filter (
            where counted.as_of_date = pairs.previous_on
        ), 0) as previous_person_count,
        coalesce(max(counted.person_count) filter (
            where counted.as_of_date = pairs.as_of_date
        ), 0) as person_count
    from pairs
    inner join counted
        on
            pairs.segmentation = counted.segmentation
            and counted.as_of_date in (pairs.as_of_date, pairs.previous_on)
    group by
        pairs.as_of_date, pairs.previous_on, pairs.segmentation, counted.segment_key
),

flows as (
    {% for direction, sign in [('to', 1), ('from', -1)] %}
        select
            moved_on,
            segmentation,
            {{ direction }}_segment_key as segment_key,
            {% for cause in causes -%}
                {{ sign }} * {{ cause }}_count as {{ cause }}_change,
            {% endfor -%}
            {{ sign }} * person_count as person_count
        from movements
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

fct_segment_size_changes as (
    select
        counts.*,
        counts.person_count - counts.previous_person_count as person_count_change,
        {%- for cause in causes %}
            coalesce(sum(flows.{{ cause }}_change), 0)::double as {{ cause }}_change,
        {%- endfor %}
        coalesce(sum(greatest(flows.person_count, 0)), 0)::bigint as arrived_count,
        coalesce(-sum(least(flows.person_count, 0)), 0)::bigint as left_count
    from counts
    left join flows
        on
            counts.segmentation = flows.segmentation
            and counts.segment_key = flows.segment_key
            and counts.previous_on < flows.moved_on
            and counts.as_of_date >= flows.moved_on
    group by
        counts.as_of_date, counts.previous_on, counts.segmentation, counts.segment_key,
        counts.previous_person_count, counts.person_count
)

select * from fct_segment_size_changes
