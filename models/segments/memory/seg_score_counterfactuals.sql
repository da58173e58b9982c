{{ config(materialized='view') }}

with
mover_values as (
    select * from {{ ref('seg_mover_values') }}
),

edges as (
    select * from {{ ref('seg_edges_compared') }}
),

cells as (
    select * from {{ ref('seg_rfm_cells') }}
),

-- As `seg_rfm_scores` and `seg_value_tiers` do it, with the values of one night and
-- the edges of another. Tonight's of both gave the segment she went to.
scored as (
    select
        mover_values.*,
        edges.*,
        case when mover_values.order_count is null then 0 else 1 end as has_bought,
        len(edges.recency_edges) + 1
        - {{ count_below('edges.recency_edges', 'mover_values.recency_days') }}
            as recency_score,
        1 + {{ count_below('edges.frequency_edges', 'mover_values.order_count') }}
            as frequency_score,
        1 + {{ count_below('edges.monetary_edges', 'mover_values.monetary_amount') }}
            as monetary_score,
        coalesce(mover_values.monetary_amount, 0)::decimal(18, 2) as spent_amount
    from mover_values
    cross join edges
    where mover_values.values_of = 'before' or edges.edges_of = 'before'
),

segmented as (
    select
        scored.person_key,
        scored.segmentation,
        scored.from_segment_key,
        scored.to_segment_key,
        scored.is_rule_changed,
        scored.values_of,
        scored.edges_of,
        case
            when scored.segmentation = 'rfm' then cells.segment_key
            when scored.spent_amount <= 0 then 'value-none'
            when scored.spent_amount >= scored.top_from_amount then 'value-top'
            when scored.spent_amount >= scored.middle_from_amount then 'value-middle'
            when scored.top_from_amount is not null then 'value-base'
        end as segment_key
    from scored
    left join cells
        on
            scored.recency_score * scored.has_bought = cells.recency_score
            and scored.frequency_score * scored.has_bought = cells.frequency_score
            and scored.monetary_score * scored.has_bought = cells.monetary_score
),

combined as (
    select
        person_key,
        segmentation,
        from_segment_key,
        to_segment_key,
        is_rule_changed,
        max(segment_key) filter (where values_of = edges_of) as before_segment_key,
        max(segment_key) filter (where values_of = 'tonight')
            as new_values_segment_key,
        max(segment_key) filter (where edges_of = 'tonight') as new_edges_segment_key
    from segmented
    group by person_key, segmentation, from_segment_key, to_segment_key, is_rule_changed
),

-- Shapley's share of the edges, beside the values: half of what they do alone, half of
-- what they add. Without the edges of the night before there is nothing to compare.
seg_score_counterfactuals as (
    select
        *,
        case
            when before_segment_key is null then 0
            else (
                1
                + coalesce(new_edges_segment_key = to_segment_key, false)::integer
                - coalesce(new_values_segment_key = to_segment_key, false)::integer
            ) / 2.0
        end::double as edge_share
    from combined
)

select * from seg_score_counterfactuals
