with
nights as (
    select * from {{ ref('fit_centroids_in_use') }}
),

versions as (
    select * from {{ ref('fit_versions') }}
),

fct_online_centroids as (
    select
        nights.as_of_date,
        versions.model_version,
        nights.status,
        nights.reason,
        case when nights.status != 'fitted' then nights.online_on end as online_on,
        nights.parity_nights,
        nights.sample_size,
        nights.agreement,
        nights.distance_excess,
        nights.share_change,
        nights.fitted_agreement,
        nights.fitted_distance_excess
    from nights
    inner join versions
        on nights.fitted_on = versions.fitted_on
)

select * from fct_online_centroids
