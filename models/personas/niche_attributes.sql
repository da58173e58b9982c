with
measures as (
    select * from {{ ref('persona_measures') }}
    where niche_theme is not null
),

attributes as (
    select * from {{ ref('persona_attributes') }}
    where niche_theme is not null
),

-- What somebody does is judged from a count of what she did; what she is is not.
niche_attributes as (
    select
        measure || '_level' as attribute,
        'measure' as trait_kind,
        measure as trait,
        niche_theme as theme,
        evidence,
        evidence is not null as is_behaviour
    from measures
    union all
    select
        attribute,
        'attribute' as trait_kind,
        attribute as trait,
        niche_theme as theme,
        evidence,
        is_behaviour
    from attributes
)

select * from niche_attributes
