{{ config(materialized='view') }}

with
clock as (
    select * from {{ ref('int_clock') }}
),

champions as (
    {{ remembered_rows('fits', 'fit_champions', {
        'as_of_date': 'date', 'fitted_on': 'date',
    }) | indent(4) }}
),

in_use as (
    {{ remembered_rows('fits', 'fit_centroids_in_use', {
        'as_of_date': 'date', 'fitted_on': 'date', 'centroids_on': 'date',
    }) | indent(4) }}
),

versions as (
    {{ remembered_rows('fits', 'fit_versions', {
        'fitted_on': 'date', 'segment_count': 'integer',
    }) | indent(4) }}
),

-- Tonight's own rows, of a first run of the same night, are not from before.
nights as (
    select
        clock.as_of_date,
        (
            select max_by(champions.fitted_on, champions.as_of_date)
            from champions
            where champions.as_of_date < clock.as_of_date
        ) as fitted_on,
        (
            select max(versions.fitted_on)
            from versions
            where versions.fitted_on < clock.as_of_date
        ) as tried_on
    from clock
),

fit_former_model as (
    select
        nights.as_of_date,
        nights.fitted_on,
        coalesce(
            (
                select max_by(in_use.centroids_on, in_use.as_of_date)
                from in_use
                where
                    in_use.as_of_date < nights.as_of_date
                    and in_use.fitted_on = nights.fitted_on
            ),
            nights.fitted_on
        ) as centroids_on,
        nights.tried_on,
        versions.segment_count
    from nights
    left join versions
        on nights.fitted_on = versions.fitted_on
)

select * from fit_former_model
