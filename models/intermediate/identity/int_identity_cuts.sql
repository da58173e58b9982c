with
links as (
    select * from {{ ref('int_identity_links') }}
),

parts as (
    select * from {{ ref('int_identity_parts') }}
),

cuts as (
    select
        left_parts.component_key,
        least(left_parts.part_key, right_parts.part_key) as left_part_key,
        greatest(left_parts.part_key, right_parts.part_key) as right_part_key,
        links.*
    from links
    inner join parts as left_parts
        on links.left_profile_key = left_parts.profile_key
    inner join parts as right_parts
        on links.right_profile_key = right_parts.profile_key
    where left_parts.part_key != right_parts.part_key
),

-- Between two parts all links are cut; the strongest of them is what a steward sees.
int_identity_cuts as (
    select
        component_key,
        left_part_key,
        right_part_key,
        left_profile_key,
        right_profile_key,
        link_type,
        match_probability,
        count(*) over (partition by left_part_key, right_part_key) as link_count
    from cuts
    qualify row_number() over (
        partition by left_part_key, right_part_key
        order by
            priority asc, match_probability desc, linked_on asc,
            left_profile_key asc, right_profile_key asc
    ) = 1
)

select * from int_identity_cuts
