with
matrix as (
    select * from {{ ref('ftr_person_matrix') }}
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
    select * from matrix
    where person_key in (select drawn.person_key from drawn)
)

-- The features are those of the matrix, whatever they are.
select * from fit_sample -- noqa: AM04
