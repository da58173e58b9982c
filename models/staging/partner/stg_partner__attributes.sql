with
attributes as (
    select * from {{ ref('stg_partner__attributes_judged') }}
    where row_verdict = 'kept'
),

stg_partner__attributes as (
    select
        partner_id,
        email_sha256,
        attribute,
        said_on,
        attribute_value
    from attributes
)

select * from stg_partner__attributes
