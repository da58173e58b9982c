with
axis_terms as (
    select * from {{ ref('fit_axis_terms') }}
),

segment_maps as (
    select * from {{ ref('fit_segment_maps') }}
),

fit_score_maps as (
    select
        fitted_on,
        fitted_on as centroids_on,
        term_kind as map_kind,
        component::integer as map_number,
        sum(intercept order by feature_number asc) as intercept,
        array_agg(slope order by feature_number asc) as coefficients,
        null::double as person_share,
        null::double as pooled_variance
    from axis_terms
    group by fitted_on, term_kind, component
    union all
    select
        fitted_on,
        centroids_on,
        'segment' as map_kind,
        segment_number as map_number,
        intercept,
        coefficients,
        person_share,
        pooled_variance
    from segment_maps
)

select * from fit_score_maps
