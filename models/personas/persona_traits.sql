with
differences as (
    select * from {{ ref('persona_differences') }}
),

facts as (
    select * from {{ ref('persona_facts') }}
),

-- That hardly anybody lives in a region is true and no way to see a segment; nor is
-- what is known of a few of its persons only.
leadable as (
    select
        differences.*,
        abs(differences.effect) >= {{ var('persona_minimum_difference') }}
        and (differences.trait_kind = 'measure' or differences.effect > 0)
        and differences.person_count
        >= {{ var('persona_minimum_known_share') }} * facts.person_count
            as can_lead,
        round(abs(differences.effect), 6) as strength
    from differences
    inner join facts
        on differences.segment_key = facts.segment_key
),

-- Rounded, so that a tie is a tie on every machine.
ranked as (
    select
        *,
        row_number() over (
            partition by segmentation, segment_key
            order by strength desc, priority asc, trait_value asc
        ) as trait_rank,
        row_number() over (
            partition by segmentation, segment_key, topic, can_lead
            order by strength desc, priority asc, trait_value asc
        ) as topic_rank
    from leadable
),

-- Leading are the strongest of their topic: of who orders often it need not be said
-- that she also shops on many days.
persona_traits as (
    select
        * exclude (topic_rank, can_lead, strength),
        can_lead and topic_rank = 1 as leads_topic,
        can_lead and topic_rank = 1
        and sum(case when can_lead and topic_rank = 1 then 1 else 0 end) over (
            partition by segmentation, segment_key order by trait_rank asc
        ) <= {{ var('persona_trait_count') }} as is_leading
    from ranked
)

select * from persona_traits
