{#- The first time nothing is gone, so to look at all values twice costs nothing. -#}
{%- set known = made_before('intermediate', 'int_profile_value_keys') -%}
{%- set once = inlined() if not known -%}
{%- set parts = blockable_parts('compared') -%}

with
profile_values as {{ once }} (
    select * from {{ ref('int_profile_values') }}
),

known as {{ inlined() }} (
    {{ rows_before('int_profile_value_keys', {
        'fingerprint': 'ubigint', 'profile_key': 'bigint', 'identifier_type': 'varchar',
        'identifier_key': 'bigint', 'spelling_key': 'bigint', 'seen_on': 'date',
        'block_reason': 'varchar',
    }) }}
),

-- One look at all values: what is on one side alone has come or gone.
compared as {{ once }} (
    select
        profile_values.*,
        known.fingerprint as known_fingerprint
    from profile_values
    full outer join known
        on profile_values.fingerprint = known.fingerprint
    where profile_values.fingerprint is null or known.fingerprint is null
),

rules as (
    select * from {{ ref('identifier_rules') }}
),

blocked_values as (
    select * from {{ ref('int_blocked_values') }}
),

judged as (
    select
        compared.*,
        rules.identifier_space,
        case
            when compared.identifier_type in ('email', 'order_email')
                then {{ canonical_email('compared.identifier_value') }}
        end as mailbox,
        coalesce(
            {%- for part in parts %}
                by_{{ part }}.reason{{ ',' if not loop.last }}
            {%- endfor %}
        ) as block_reason
    from compared
    left join rules
        on compared.identifier_type = rules.identifier_type
    {%- for part, expression in parts.items() %}
        left join blocked_values as by_{{ part }}
            on
                rules.identifier_space = by_{{ part }}.identifier_space
                and by_{{ part }}.matched_part = '{{ part }}'
                and {{ expression }} = by_{{ part }}.blocked_value
    {%- endfor %}
    where compared.known_fingerprint is null
),

-- An address and its hash meet in the hash of the mailbox; a source that only keeps
-- hashes may have hashed another spelling.
int_profile_value_changes as (
    select
        fingerprint,
        {{ key_from_text("source_name || ':' || profile_id") }} as profile_key,
        identifier_type,
        {{ key_from_text(
            "identifier_space || ':' || case when mailbox is not null then "
            ~ sha256_hex('mailbox') ~ " else identifier_value end"
        ) }} as identifier_key,
        case
            when mailbox != identifier_value
                then {{ key_from_text(
                    "identifier_space || ':' || " ~ sha256_hex('identifier_value')
                ) }}
        end as spelling_key,
        seen_on,
        block_reason,
        false as is_gone
    from judged
    union all
    select
        known.*,
        true as is_gone
    from known
    semi join compared
        on known.fingerprint = compared.known_fingerprint
)

select * from int_profile_value_changes
