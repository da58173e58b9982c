-- A view: who is in it and what she said depends on the night, and it names people.
{{ config(materialized='view') }}

with
contacts as {{ inlined() }} (
    select * from {{ ref('stg_crm__contacts_judged') }}
    where row_verdict in ('kept', 'repeated', 'superseded')
),

clock as (
    select * from {{ ref('int_clock') }}
),

said as {{ inlined() }} (
    select
        contacts.*,
        coalesce(contacts.updated_at, contacts.created_at) as said_at
    from contacts
    cross join clock
    where
        coalesce(contacts.updated_at, contacts.created_at) is null
        or coalesce(contacts.updated_at, contacts.created_at)::date <= clock.as_of_date
),

-- What staging keeps of a contact is the last of its versions.
kept as {{ inlined() }} (
    select * from said
    where row_verdict = 'kept'
),

-- Where that was said after the night, or entered twice, an earlier one stands: the
-- version that staging would have kept then. They are few, and alone are sorted.
earlier as (
    select said.*
    from said
    anti join kept
        on said.contact_id = kept.contact_id
    where said.row_verdict != 'kept'
    qualify row_number() over (
        partition by said.contact_id
        order by said.load_id desc, said.source_row desc
    ) = 1
),

int_contacts_known as (
    select * from kept
    union all
    select * from earlier
)

select * from int_contacts_known
