{{ config(materialized='view') }}

{% set tables = [
    ('shop', 'orders'),
    ('shop', 'order_lines'),
    ('shop', 'products'),
    ('crm', 'contacts'),
    ('campaigns', 'campaigns'),
    ('campaigns', 'targetings'),
    ('campaigns', 'redemptions'),
] -%}

with
int_judged_rows as (
    {% for source_name, table_name in tables %}
        select
            '{{ source_name }}' as source_name,
            '{{ table_name }}' as table_name,
            loaded_on,
            load_id,
            source_file as file_name,
            source_row as row_number,
            row_verdict,
            broken_rule
        from {{ ref('stg_' ~ source_name ~ '__' ~ table_name ~ '_judged') }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from int_judged_rows
