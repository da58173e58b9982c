with
consents as (
    select * from {{ source('crm', 'consents') }}
    where {{ in_new_load('crm', 'consents') }}
),

normalised as (
    select
        nullif(trim(consent_id), '') as consent_id,
        nullif(trim(contact_id), '') as contact_id,
        nullif(lower(trim(purpose)), '') as purpose,
        nullif(lower(trim(destination)), '') as destination,
        nullif(lower(trim(consent_status)), '') as consent_status,
        decided_at,
        nullif(lower(trim(collected_by)), '') as collected_by,
        {{ content_hash('crm', 'consents') }} as content_hash,
        loaded_on,
        load_id,
        source_file,
        source_row
    from consents
),

judged as (
    select
        *,
        {{ first_broken_rule('crm', 'consents', [
            not_one_of(
                'unknown_status', 'consent_status', ['granted', 'refused', 'withdrawn']
            ),
            later_than_its_load('decided_at'),
        ]) }} as broken_rule
    from normalised
),

versions as (
    select * from judged
    {{ known_versions('judged', ['consent_id']) }}
),

stg_crm__consents_judged as (
    select
        *,
        {{ row_verdict(['consent_id']) }} as row_verdict
    from versions
)

select * from stg_crm__consents_judged
