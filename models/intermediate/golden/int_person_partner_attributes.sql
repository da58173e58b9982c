with
attributes as (
    select * from {{ ref('stg_partner__attributes') }}
),

contact_points as (
    select * from {{ ref('int_contact_points') }}
    where email_sha256 is not null
),

clock as (
    select * from {{ ref('int_clock') }}
),

-- An address that several persons share tells nothing about any of them.
owners as (
    select
        email_sha256,
        min(person_key) as person_key
    from contact_points
    group by email_sha256
    having min(person_key) = max(person_key)
),

int_person_partner_attributes as (
    select
        owners.person_key,
        attributes.partner_id,
        attributes.attribute,
        attributes.attribute_value,
        attributes.said_on
    from attributes
    cross join clock
    inner join owners
        on attributes.email_sha256 = owners.email_sha256
    where attributes.said_on <= clock.as_of_date
    -- The latest stands; of two addresses on one day the lower hash.
    qualify row_number() over (
        partition by owners.person_key, attributes.partner_id, attributes.attribute
        order by attributes.said_on desc, attributes.email_sha256 asc
    ) = 1
)

select * from int_person_partner_attributes
