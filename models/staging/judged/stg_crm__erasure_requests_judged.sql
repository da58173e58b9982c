with
erasure_requests as (
    select * from {{ source('crm', 'erasure_requests') }}
    where {{ in_new_load('crm', 'erasure_requests') }}
),

normalised as (
    select
        nullif(trim(request_id), '') as request_id,
        requested_at,
        nullif(trim(contact_id), '') as contact_id,
        nullif(trim(customer_id), '') as customer_id,
        {{ normalised_email('email') }} as email,
        nullif(lower(trim(received_by)), '') as received_by,
        {{ given_columns(['email']) }} as given_columns,
        {{ content_hash('crm', 'erasure_requests') }} as content_hash,
        loaded_on,
        load_id,
        source_file,
        source_row
    from erasure_requests
),

judged as (
    select
        *,
        {{ first_broken_rule('crm', 'erasure_requests', [
            later_than_its_load('requested_at'),
        ]) }} as broken_rule
    from normalised
),

versions as (
    select * from judged
    {{ known_versions('judged', ['request_id']) }}
),

stg_crm__erasure_requests_judged as (
    select
        *,
        {{ row_verdict(['request_id']) }} as row_verdict
    from versions
)

select * from stg_crm__erasure_requests_judged
