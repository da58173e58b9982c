{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_gone_values() }}",
) }}

{#- Parts of a value that the list of blocked ones may name. -#}
{%- set text = 'profile_values.identifier_value' -%}
{%- set parts = {
    'value': "case when profile_values.identifier_type = 'phone' then split_part("
        ~ text ~ ", ' ', 1) else " ~ text ~ " end",
    'domain': "split_part(" ~ text ~ ", '@', 2)",
    'local_part': "case when " ~ text ~ " like '%@%' then split_part("
        ~ text ~ ", '@', 1) end",
    'first_word': regexp_part(text, '^([a-z]+)[._-].*@', 1),
} %}

with
profile_values as (
    select * from {{ ref('int_profile_values') }}
    {% if is_incremental() -%}
        where fingerprint not in (select known.fingerprint from {{ this }} as known)
    {%- endif %}
),

rules as (
    select * from {{ ref('identifier_rules') }}
),

blocked as (
    select * from {{ ref('blocked_identifiers') }}
),

-- A blocked address is blocked by its hash too.
blocked_values as (
    select
        rules.identifier_space,
        blocked.matched_part,
        blocked.blocked_value,
        blocked.reason
    from blocked
    inner join rules
        on blocked.identifier_type = rules.identifier_type
    union all
    select
        identifier_type as identifier_space,
        matched_part,
        {{ sha256_hex('blocked_value') }} as blocked_value,
        reason
    from blocked
    where identifier_type = 'email' and matched_part = 'value'
),

judged as (
    select
        profile_values.*,
        rules.identifier_space,
        {{ canonical_email('profile_values.identifier_value') }} as mailbox,
        coalesce(
            {%- for part in parts %}
                by_{{ part }}.reason{{ ',' if not loop.last }}
            {%- endfor %}
        ) as block_reason
    from profile_values
    inner join rules
        on profile_values.identifier_type = rules.identifier_type
    {%- for part, expression in parts.items() %}
        left join blocked_values as by_{{ part }}
            on
                rules.identifier_space = by_{{ part }}.identifier_space
                and by_{{ part }}.matched_part = '{{ part }}'
                and {{ expression }} = by_{{ part }}.blocked_value
    {%- endfor %}
),

-- An address and its hash meet in the hash of the mailbox; a source that only keeps
-- hashes may have hashed another spelling.
int_profile_value_keys as (
    select
        fingerprint,
        {{ key_from_text("source_name || ':' || profile_id") }} as profile_key,
        identifier_type,
        {{ key_from_text(
            "identifier_space || ':' || case identifier_type when 'email' then "
            ~ sha256_hex('mailbox') ~ " else identifier_value end"
        ) }} as identifier_key,
        case
            when identifier_type = 'email' and mailbox != identifier_value
                then {{ key_from_text(
                    "identifier_space || ':' || " ~ sha256_hex('identifier_value')
                ) }}
        end as spelling_key,
        seen_on,
        block_reason
    from judged
)

select * from int_profile_value_keys
