with
components as {{ inlined() }} (
    select * from {{ ref('int_identity_components') }}
),

overloads as (
    select * from {{ ref('int_component_overloads') }}
),

decisions as (
    select * from {{ ref('int_identity_decisions') }}
    where decision = 'different'
),

too_many_profiles as (
    select
        component_key,
        'profiles' as reason,
        count(*) as found_count,
        {{ var('maximum_person_profiles') }} as maximum_count
    from components
    group by component_key
    having count(*) > {{ var('maximum_person_profiles') }}
),

told_apart as (
    select
        left_components.component_key,
        'decision' as reason,
        count(*) as found_count,
        0 as maximum_count
    from decisions
    inner join components as left_components
        on decisions.left_profile_key = left_components.profile_key
    inner join components as right_components
        on
            decisions.right_profile_key = right_components.profile_key
            and left_components.component_key = right_components.component_key
    group by left_components.component_key
),

int_identity_suspects as (
    select
        component_key,
        identifier_space as reason,
        value_count as found_count,
        maximum_count
    from overloads
    union all
    select * from too_many_profiles
    union all
    select * from told_apart
)

select * from int_identity_suspects
