with
ledger as (
    {{ remembered_names() | indent(4) }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

-- Never of this night, which may be built again, nor of a later one.
persona_previous_names as (
    select ledger.*
    from ledger
    inner join clock
        on ledger.named_on < clock.as_of_date
    qualify row_number() over (
        partition by ledger.segment_key order by ledger.named_on desc
    ) = 1
)

select * from persona_previous_names
