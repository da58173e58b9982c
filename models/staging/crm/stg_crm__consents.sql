with
consents as (
    select * from {{ ref('stg_crm__consents_judged') }}
    where row_verdict = 'kept'
),

stg_crm__consents as (
    select
        consent_id,
        contact_id,
        purpose,
        destination,
        consent_status,
        decided_at,
        collected_by
    from consents
)

select * from stg_crm__consents
