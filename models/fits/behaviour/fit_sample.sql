with
outliers as (
    select * from {{ ref('fit_person_outliers') }}
    where action = 'quarantine'
),

-- Whoever is set aside teaches the model nothing; she is scored like everybody.
matrix as {{ inlined() }} (
    select * from {{ ref('ftr_person_matrix') }}
    where person_key not in (select outliers.person_key from outliers)
),

person_groups as (
    select * from {{ ref('ftr_person_groups') }}
),

-- Bands of powers of two keep rare kinds of customer (very many orders, very long
-- away) in the sample whatever its size.
banded as (
    select
        person_key,
        floor(log2(order_count + 1)) as order_band,
        floor(log2(recency_days + 1)) as recency_band
    from matrix
),

bands as (
    select
        order_band,
        recency_band,
        count(*) as band_person_count,
        sum(count(*)) over () as person_count
    from banded
    group by order_band, recency_band
),

-- A person key is the head of an md5, so it is as good as a random number: the same
-- persons are drawn every night. At least a hundred of each band are.
drawn as (
    select banded.person_key
    from banded
    inner join bands
        on
            banded.order_band = bands.order_band
            and banded.recency_band = bands.recency_band
    where
        banded.person_key / 9223372036854775807.0
        <= greatest(
            {{ var('fit_sample_size') }}::double / bands.person_count,
            100.0 / bands.band_person_count
        )
),

fit_sample as (
    select
        matrix.*,
        person_groups.* exclude (person_key, as_of_date) -- noqa: RF02
    from matrix
    inner join drawn
        on matrix.person_key = drawn.person_key
    left join person_groups
        on matrix.person_key = person_groups.person_key
)

select * from fit_sample
