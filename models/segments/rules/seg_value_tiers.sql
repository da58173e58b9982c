with
scores as (
    select * from {{ ref('seg_rfm_scores') }}
),

-- What all spent who spent as much as she or more, and those who spent the same.
summed as (
    select
        person_key,
        as_of_date,
        monetary_amount,
        sum(monetary_amount) over (order by monetary_amount desc) as amount_down_to,
        sum(monetary_amount) over (partition by monetary_amount) as amount_of_equals,
        sum(monetary_amount) over () as total_amount
    from scores
),

-- What those above her spent, as a share of everything. Equal amounts have equal shares
-- above them, hence one tier.
ranked as (
    select
        *,
        (amount_down_to - amount_of_equals)::double
        / nullif(total_amount, 0)::double as share_above
    from summed
),

seg_value_tiers as (
    select
        person_key,
        as_of_date,
        monetary_amount,
        case
            when monetary_amount <= 0 then 'value-none'
            when share_above < {{ var('value_top_share') }} then 'value-top'
            when share_above < {{ var('value_top_share') + var('value_middle_share') }}
                then 'value-middle'
            else 'value-base'
        end as segment_key
    from ranked
)

select * from seg_value_tiers
