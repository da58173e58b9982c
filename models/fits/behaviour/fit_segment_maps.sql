{{ config(materialized='view') }}

with
axis_terms as (
    select * from {{ ref('fit_axis_terms') }}
    where term_kind = 'component'
),

centroids as (
    select * from {{ ref('fit_centroids') }}
),

centroid_axes as (
    select
        fitted_on,
        segment_number,
        unnest(range(1, len(coordinates) + 1)) as component,
        unnest(coordinates) as coordinate
    from centroids
),

-- The nearest centroid c of a point x has the largest c.x - c.c / 2, which is affine
-- in x and so in the features: no square is left to compute for a person. Sums of
-- doubles are taken in order, so that two builds agree to the bit.
slopes as (
    select
        centroid_axes.fitted_on,
        centroid_axes.segment_number,
        axis_terms.feature_number,
        sum(
            centroid_axes.coordinate * axis_terms.slope
            order by centroid_axes.component asc
        ) as slope
    from centroid_axes
    inner join axis_terms
        on
            centroid_axes.fitted_on = axis_terms.fitted_on
            and centroid_axes.component = axis_terms.component
    group by
        centroid_axes.fitted_on,
        centroid_axes.segment_number,
        axis_terms.feature_number
),

coefficients as (
    select
        fitted_on,
        segment_number,
        array_agg(slope order by feature_number asc) as coefficients
    from slopes
    group by fitted_on, segment_number
),

component_intercepts as (
    select
        fitted_on,
        component,
        sum(intercept order by feature_number asc) as intercept
    from axis_terms
    group by fitted_on, component
),

intercepts as (
    select
        centroid_axes.fitted_on,
        centroid_axes.segment_number,
        sum(
            centroid_axes.coordinate * component_intercepts.intercept
            - centroid_axes.coordinate * centroid_axes.coordinate / 2
            order by centroid_axes.component asc
        ) as intercept
    from centroid_axes
    inner join component_intercepts
        on
            centroid_axes.fitted_on = component_intercepts.fitted_on
            and centroid_axes.component = component_intercepts.component
    group by centroid_axes.fitted_on, centroid_axes.segment_number
),

fit_segment_maps as (
    select
        centroids.fitted_on,
        centroids.segment_number,
        coalesce(intercepts.intercept, 0) as intercept,
        coalesce(coefficients.coefficients, []::double[]) as coefficients,
        centroids.person_share,
        centroids.pooled_variance
    from centroids
    left join coefficients
        on
            centroids.fitted_on = coefficients.fitted_on
            and centroids.segment_number = coefficients.segment_number
    left join intercepts
        on
            centroids.fitted_on = intercepts.fitted_on
            and centroids.segment_number = intercepts.segment_number
)

select * from fit_segment_maps
