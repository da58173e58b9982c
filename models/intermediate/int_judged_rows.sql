{{ config(materialized='view') }}

{% set judged = [
    ('shop', 'orders', 'order_id'),
    ('shop', 'order_lines', 'order_line_id'),
    ('shop', 'products', 'null'),
    ('shop', 'stores', 'null'),
    ('crm', 'contacts', 'null'),
    ('crm', 'consents', 'null'),
    ('crm', 'erasure_requests', 'null'),
    ('campaigns', 'campaigns', 'null'),
    ('campaigns', 'targetings', 'null'),
    ('campaigns', 'redemptions', 'null'),
    ('social', 'profiles', 'null'),
    ('social', 'engagements', 'null'),
    ('ads', 'events', 'null'),
    ('ads', 'performance_daily', 'null'),
    ('email', 'events', 'null'),
    ('survey', 'responses', 'null'),
    ('reference', 'communes', 'null'),
    ('reference', 'commune_figures', 'null'),
    ('reference', 'postcodes', 'null'),
    ('reference', 'divisions', 'null'),
    ('partner', 'attributes', 'null'),
] -%}

with
web_events as (
    select * from {{ ref('stg_web__events_refused') }}
),

outliers as (
    select * from {{ ref('int_outlier_quarantines') }}
),

-- Every row of the judged tables; of web events those that are refused.
judged_rows as (
    {% for source_name, table_name, row_key in judged %}
        select
            '{{ source_name }}' as source_name,
            '{{ table_name }}' as table_name,
            loaded_on,
            load_id,
            source_file as file_name,
            source_row as row_number,
            {{ row_key }}::varchar as row_key,
            row_verdict,
            broken_rule
        from {{ ref('stg_' ~ source_name ~ '__' ~ table_name ~ '_judged') }}
        union all
    {% endfor %}
    select
        'web' as source_name,
        'events' as table_name,
        loaded_on,
        load_id,
        source_file as file_name,
        source_row as row_number,
        null as row_key,
        row_verdict,
        broken_rule
    from web_events
),

-- An outlier that the rules set aside passed staging, which its bounds are made of.
int_judged_rows as (
    select
        judged_rows.source_name,
        judged_rows.table_name,
        judged_rows.loaded_on,
        judged_rows.load_id,
        judged_rows.file_name,
        judged_rows.row_number,
        case
            when outliers.row_key is not null then 'quarantined'
            else judged_rows.row_verdict
        end as row_verdict,
        coalesce(outliers.broken_rule, judged_rows.broken_rule) as broken_rule
    from judged_rows
    left join outliers
        on
            judged_rows.source_name = outliers.source_name
            and judged_rows.table_name = outliers.table_name
            and judged_rows.row_key = outliers.row_key
            and judged_rows.row_verdict = 'kept'
)

select * from int_judged_rows
