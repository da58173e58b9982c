with
persons as (
    select * from {{ ref('int_persons') }}
),

areas as (
    select * from {{ ref('int_person_areas') }}
),

contact_points as {{ inlined() }} (
    select * from {{ ref('int_contact_points') }}
    where email_sha256 is not null
),

partner_attributes as (
    select * from {{ ref('int_person_partner_attributes') }}
),

answers as (
    select * from {{ ref('int_person_answers') }}
),

-- An address that leads to several persons is no key to any of them.
addresses as (
    select
        email_sha256,
        min(person_key) != max(person_key) as is_shared
    from contact_points
    group by email_sha256
),

reachable as (
    select
        contact_points.person_key,
        bool_and(addresses.is_shared) as is_shared
    from contact_points
    inner join addresses
        on contact_points.email_sha256 = addresses.email_sha256
    group by contact_points.person_key
),

keyed as (
    select
        'area' as enrichment,
        person_key,
        area_match != 'none' as is_matched,
        area_match = 'postcode' as is_ambiguous
    from areas
    union all
    select
        'partner' as enrichment,
        person_key,
        person_key in (
            select partner_attributes.person_key from partner_attributes
        ) as is_matched,
        is_shared as is_ambiguous
    from reachable
    union all
    select
        'survey' as enrichment,
        person_key,
        person_key in (select answers.person_key from answers) as is_matched,
        is_shared as is_ambiguous
    from reachable
),

int_enrichment_matches as (
    select keyed.*
    from keyed
    semi join persons
        on keyed.person_key = persons.person_key
)

select * from int_enrichment_matches
