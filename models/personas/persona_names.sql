{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='append_new_columns',
        full_refresh=false,
        pre_hook="{{ forget_nights_from_tonight('named_on') }}",
    )
}}

with
settled as (
    select * from {{ ref('persona_settled_names') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

persona_names as (
    select
        settled.segmentation,
        settled.segment_key,
        settled.segment_name,
        settled.segment_name_fr,
        settled.name_traits,
        settled.reason,
        clock.as_of_date as named_on
    from settled
    cross join clock
    where not settled.is_kept
)

select * from persona_names
