{{ config(materialized='view') }}

with
axis_terms as (
    select * from {{ ref('fit_axis_terms') }}
    where term_kind = 'component'
),

centroids as (
    select * from {{ ref('fit_known_centroids') }}
),

centroid_axes as (
    select
        fitted_on,
        centroids_on,
        segment_number,
        unnest(range(1, len(coordinates) + 1)) as component,
        unnest(coordinates) as coordinate
    from centroids
),

-- The nearest centroid c of a point x has the largest c.x - c.c / 2, which is affine
-- in x and so in the features: no square is left to compute for a person. Sums of
-- doubles are taken in order, so that two builds agree to the bit.
terms as (
    select
        centroid_axes.fitted_on,
        centroid_axes.centroids_on,
        centroid_axes.segment_number,
        axis_terms.feature_number,
        sum(
            centroid_axes.coordinate * axis_terms.slope
            order by centroid_axes.component asc
        ) as slope,
        sum(
            centroid_axes.coordinate * axis_terms.intercept
            order by centroid_axes.component asc
        ) as intercept
    from centroid_axes
    inner join axis_terms
        on
            centroid_axes.fitted_on = axis_terms.fitted_on
            and centroid_axes.component = axis_terms.component
    group by
        centroid_axes.fitted_on,
        centroid_axes.centroids_on,
        centroid_axes.segment_number,
        axis_terms.feature_number
),

sums as (
    select
        fitted_on,
        centroids_on,
        segment_number,
        array_agg(slope order by feature_number asc) as coefficients,
        sum(intercept order by feature_number asc) as intercept
    from terms
    group by fitted_on, centroids_on, segment_number
),

fit_segment_maps as (
    select
        centroids.fitted_on,
        centroids.centroids_on,
        centroids.segment_number,
        coalesce(
            sums.intercept
            - list_dot_product(centroids.coordinates, centroids.coordinates) / 2,
            0
        ) as intercept,
        coalesce(sums.coefficients, []::double[]) as coefficients,
        centroids.person_share,
        centroids.pooled_variance
    from centroids
    left join sums
        on
            centroids.fitted_on = sums.fitted_on
            and centroids.centroids_on = sums.centroids_on
            and centroids.segment_number = sums.segment_number
)

select * from fit_segment_maps
