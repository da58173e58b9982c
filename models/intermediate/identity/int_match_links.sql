-- Before it is overwritten, what is other than last night has to be noted.
-- depends_on: {{ ref('int_identity_touches') }}

with
matches as (
    select * from {{ ref('int_profile_matches') }}
    where verdict = 'link'
),

int_match_links as (
    select
        left_profile_key,
        right_profile_key,
        match_probability
    from matches
)

select * from int_match_links
