with
erasure_requests as (
    select * from {{ ref('stg_crm__erasure_requests_judged') }}
    where row_verdict = 'kept'
),

stg_crm__erasure_requests as (
    select
        request_id,
        requested_at,
        contact_id,
        customer_id,
        email,
        received_by
    from erasure_requests
)

select * from stg_crm__erasure_requests
