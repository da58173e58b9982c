{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook=[
        "{{ forget_touched('profile_key', 'int_identity_affected') }}",
        "{{ forget_touched('profile_key', 'int_person_key_assignments') }}",
    ],
) }}

-- depends_on: {{ ref('int_identity_affected') }}

with
profiles as (
    select * from {{ ref('int_profiles') }}
),

assignments as (
    select * from {{ ref('int_person_key_assignments') }}
),

-- Who is affected by nothing keeps her row. Tonight's keys are read where they were
-- made; the ledger, written from the same, has them too.
int_person_profiles as (
    select
        profiles.source_name,
        profiles.profile_id,
        profiles.profile_key,
        assignments.person_key,
        profiles.first_seen_on
    from profiles
    inner join assignments
        on profiles.profile_key = assignments.profile_key
)

select * from int_person_profiles
