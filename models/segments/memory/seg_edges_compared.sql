{{ config(materialized='view') }}

with
thresholds as (
    select * from {{ ref('fit_thresholds') }}
    where scope = 'all'
),

nights as (
    select * from {{ ref('seg_nights_compared') }}
),

-- Tiers of value have theirs in the ledger of nights, which also tells the two nights.
night_edges as (
    {% for edges_of, night, prefix in [
        ('tonight', 'as_of_date', ''), ('before', 'previous_on', 'previous_'),
    ] %}
        select
            '{{ edges_of }}' as edges_of,
            {{ night }} as edges_on,
            max({{ prefix }}top_from_amount) as top_from_amount,
            max({{ prefix }}middle_from_amount) as middle_from_amount
        from nights
        group by {{ night }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

seg_edges_compared as (
    select
        night_edges.edges_of,
        any_value(thresholds.edges) filter (
            where thresholds.variable = 'recency_days'
        ) as recency_edges,
        any_value(thresholds.edges) filter (
            where thresholds.variable = 'order_count'
        ) as frequency_edges,
        any_value(thresholds.edges) filter (
            where thresholds.variable = 'monetary_amount'
        ) as monetary_edges,
        any_value(night_edges.top_from_amount) as top_from_amount,
        any_value(night_edges.middle_from_amount) as middle_from_amount
    from night_edges
    left join thresholds
        on night_edges.edges_on = thresholds.as_of_date
    group by night_edges.edges_of
)

select * from seg_edges_compared
