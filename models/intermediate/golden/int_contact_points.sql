with
said as (
    select * from {{ ref('int_attribute_values') }}
),

choices as (
    select * from {{ ref('int_attribute_choices') }}
),

rules as (
    select * from {{ ref('survivorship_rules') }}
    where is_identifier
),

told as (
    select
        said.person_key,
        said.attribute,
        said.attribute_value,
        said.source_name,
        said.said_at,
        rules.rule,
        choices.source_count,
        choices.is_disputed,
        choices.person_key is not null as is_contested,
        coalesce(choices.profile_key = said.profile_key, false) as is_chosen
    from said
    inner join rules
        on said.attribute = rules.attribute
    left join choices
        on
            said.person_key = choices.person_key
            and said.attribute = choices.attribute
),

-- What one profile alone says needs no looking for its like.
by_value as (
    select
        person_key,
        attribute,
        attribute_value,
        true as is_preferred,
        rule,
        source_name,
        said_at,
        1 as source_count,
        false as is_disputed
    from told
    where not is_contested
    union all
    select
        person_key,
        attribute,
        attribute_value,
        bool_or(is_chosen) as is_preferred,
        max(rule) filter (where is_chosen) as rule,
        max(source_name) filter (where is_chosen) as source_name,
        max(said_at) as said_at,
        coalesce(
            max(source_count) filter (where is_chosen), count(distinct source_name)
        ) as source_count,
        coalesce(bool_or(is_disputed) filter (where is_chosen), true) as is_disputed
    from told
    where is_contested
    group by person_key, attribute, attribute_value
),

int_contact_points as (
    select
        *,
        case attribute
            when 'email' then {{ sha256_hex('attribute_value') }}
            when 'email_sha256' then attribute_value
        end as email_sha256
    from by_value
)

select * from int_contact_points
