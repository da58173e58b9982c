with
attributes as (
    select * from {{ source('partner', 'attributes') }}
    where {{ in_new_load('partner', 'attributes') }}
),

normalised as (
    select
        nullif(lower(trim(partner_id)), '') as partner_id,
        nullif(lower(trim(email_sha256)), '') as email_sha256,
        nullif(lower(trim(attribute)), '') as attribute,
        said_on,
        {{ normalised_text('attribute_value') }} as attribute_value,
        {{ content_hash('partner', 'attributes') }} as content_hash,
        loaded_on,
        load_id,
        source_file,
        source_row
    from attributes
),

judged as (
    select
        *,
        {{ first_broken_rule('partner', 'attributes', [
            (
                'not_a_sha256', 'email_sha256',
                'not ' ~ regexp_found('email_sha256', '^[0-9a-f]{64}$'),
            ),
            later_than_its_load('said_on'),
        ]) }} as broken_rule
    from normalised
),

versions as (
    select * from judged
    {{ known_versions('judged', [
        'partner_id', 'email_sha256', 'attribute', 'said_on',
    ]) }}
),

stg_partner__attributes_judged as (
    select
        *,
        {{ row_verdict(['partner_id', 'email_sha256', 'attribute', 'said_on']) }}
            as row_verdict
    from versions
)

select * from stg_partner__attributes_judged
