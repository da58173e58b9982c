-- A view: who is in it and what she said depends on the night, and it names people.
{{ config(materialized='view') }}

with
contacts as (
    select * from {{ ref('stg_crm__contacts_judged') }}
    where row_verdict in ('kept', 'repeated', 'superseded')
),

clock as (
    select * from {{ ref('int_clock') }}
),

-- The version that staging would have kept, had it seen nothing said after the night.
int_contacts_known as (
    select
        contacts.*,
        coalesce(contacts.updated_at, contacts.created_at) as said_at
    from contacts
    cross join clock
    where
        coalesce(contacts.updated_at, contacts.created_at) is null
        or coalesce(contacts.updated_at, contacts.created_at)::date <= clock.as_of_date
    qualify row_number() over (
        partition by contacts.contact_id
        order by contacts.load_id desc, contacts.source_row desc
    ) = 1
)

select * from int_contacts_known
