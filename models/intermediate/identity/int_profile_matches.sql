-- Stands in until the matcher's own model takes this place.
select
    null::bigint as left_profile_key,
    null::bigint as right_profile_key,
    null::double as match_probability,
    null::double as match_weight,
    null::varchar as verdict,
    null::varchar as evidence
where false
