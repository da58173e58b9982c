with
candidates as (
    select * from {{ ref('fit_candidates') }}
    where is_chosen
),

segments as (
    select
        fitted_on,
        unnest(range(1, segment_count + 1)) as segment_number,
        centroids,
        person_shares,
        within_variance
    from candidates
),

-- One variance for all segments keeps the boundaries between them straight.
pooled as (
    select
        *,
        list_dot_product(person_shares, within_variance) as pooled_variance
    from segments
),

fit_centroids as (
    select
        fitted_on,
        segment_number::integer as segment_number,
        centroids[segment_number]::double[] as coordinates,
        person_shares[segment_number]::double as person_share,
        pooled_variance::double as pooled_variance
    from pooled
)

select * from fit_centroids
