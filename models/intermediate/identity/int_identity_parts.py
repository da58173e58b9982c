"""One row per profile of a suspicious component, with the part it may stay in.

The method is in ``tessera.methods.identity``.
"""

from tessera.methods.identity import Limits, split_components


def model(dbt, session):
    settings = dbt.config.get("meta")
    profiles = dbt.ref("int_identity_components").set_alias("components")
    suspects = (
        dbt.ref("int_identity_suspects").project("component_key").distinct()
    ).set_alias("suspects")
    profiles = profiles.join(
        suspects, "components.component_key = suspects.component_key", how="semi"
    )
    within = profiles.project("profile_key").set_alias("suspected")
    values = dbt.ref("int_identifier_carriers").filter("not is_spelling")
    return split_components(
        within.order("profile_key").df()["profile_key"].to_numpy(),
        _within(dbt.ref("int_identity_links"), within, "left_profile_key"),
        _within(values, within, "profile_key"),
        _within(dbt.ref("int_identity_decisions"), within, "left_profile_key"),
        Limits(dbt.ref("identifier_rules").df(), settings["maximum_person_profiles"]),
    )


def _within(relation, profiles, key):
    """Read the rows of a relation whose profile stands in a suspicious component."""
    return (
        relation.set_alias("whole")
        .join(profiles, f"whole.{key} = suspected.profile_key", how="semi")
        .df()
    )
