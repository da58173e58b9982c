{{ config(materialized='view') }}

with
clock as (
    select * from {{ ref('int_clock') }}
),

fitted as (
    select * from {{ ref('fit_centroids') }}
),

nights as (
    {{ remembered_rows('fits', 'fit_online_centroids', {
        'as_of_date': 'date', 'fitted_on': 'date', 'segment_number': 'integer',
        'coordinates': 'double[]', 'person_share': 'double',
        'pooled_variance': 'double', 'person_weight': 'double',
    }) | indent(4) }}
),

-- The last night's may score tonight; those of the night before it scored last.
last_nights as (
    select nights.*
    from nights
    inner join clock
        on nights.as_of_date < clock.as_of_date
    qualify dense_rank() over (order by nights.as_of_date desc) <= 2
),

fit_known_centroids as (
    select
        fitted_on,
        fitted_on as centroids_on,
        segment_number,
        coordinates,
        person_share,
        pooled_variance,
        null::double as person_weight
    from fitted
    union all
    select
        fitted_on,
        as_of_date as centroids_on,
        segment_number,
        coordinates,
        person_share,
        pooled_variance,
        person_weight
    from last_nights
)

select * from fit_known_centroids
