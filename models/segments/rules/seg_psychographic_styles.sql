{% set styles = {
    'psychographics-bargains': 'discount_share',
    'psychographics-explorers': 'department_entropy',
    'psychographics-devoted': 'top_department_share',
    'psychographics-premium': 'average_line_amount',
} -%}

with
traits as (
    select * from {{ ref('seg_person_traits') }}
    where order_count >= {{ var('style_least_orders') }}
),

-- The share of persons below her: equal values have equal shares, so a value that most
-- persons have sets nobody apart.
ranked as (
    select
        {% for trait in styles.values() %}
            case
                when {{ trait }} is not null
                    then percent_rank() over (order by {{ trait }} asc nulls first)
            end as {{ trait }}_rank,
        {% endfor %}
        person_key,
        as_of_date
    from traits
),

seg_psychographic_styles as (
    {% for segment_key, trait in styles.items() %}
        select
            person_key,
            as_of_date,
            '{{ segment_key }}' as segment_key
        from ranked
        where {{ trait }}_rank >= 1 - {{ var('style_share') }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from seg_psychographic_styles
