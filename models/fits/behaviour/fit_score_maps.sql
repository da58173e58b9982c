with
axis_terms as (
    select * from {{ ref('fit_axis_terms') }}
),

centroids as (
    select * from {{ ref('fit_centroids') }}
),

-- Sums of doubles are taken in order, so that two builds agree to the bit.
direction_maps as (
    select
        fitted_on,
        term_kind,
        component,
        sum(intercept order by feature_number asc) as intercept,
        array_agg(slope order by feature_number asc) as coefficients
    from axis_terms
    group by fitted_on, term_kind, component
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
-- in x and so in the features: no square is left to compute for a person.
segment_terms as (
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
            and axis_terms.term_kind = 'component'
    group by
        centroid_axes.fitted_on,
        centroid_axes.segment_number,
        axis_terms.feature_number
),

segment_slopes as (
    select
        fitted_on,
        segment_number,
        array_agg(slope order by feature_number asc) as coefficients
    from segment_terms
    group by fitted_on, segment_number
),

segment_intercepts as (
    select
        centroid_axes.fitted_on,
        centroid_axes.segment_number,
        sum(
            centroid_axes.coordinate * direction_maps.intercept
            - centroid_axes.coordinate * centroid_axes.coordinate / 2
            order by centroid_axes.component asc
        ) as intercept
    from centroid_axes
    inner join direction_maps
        on
            centroid_axes.fitted_on = direction_maps.fitted_on
            and centroid_axes.component = direction_maps.component
            and direction_maps.term_kind = 'component'
    group by centroid_axes.fitted_on, centroid_axes.segment_number
),

fit_score_maps as (
    select
        fitted_on,
        'axis' as map_kind,
        component::integer as map_number,
        intercept,
        coefficients,
        null::double as person_share,
        null::double as pooled_variance
    from direction_maps
    where term_kind = 'axis'
    union all
    select
        centroids.fitted_on,
        'segment' as map_kind,
        centroids.segment_number as map_number,
        coalesce(segment_intercepts.intercept, 0) as intercept,
        coalesce(segment_slopes.coefficients, []::double[]) as coefficients,
        centroids.person_share,
        centroids.pooled_variance
    from centroids
    left join segment_slopes
        on
            centroids.fitted_on = segment_slopes.fitted_on
            and centroids.segment_number = segment_slopes.segment_number
    left join segment_intercepts
        on
            centroids.fitted_on = segment_intercepts.fitted_on
            and centroids.segment_number = segment_intercepts.segment_number
)

select * from fit_score_maps
