"""One row per profile that a link touches, with the component it stands in.

The method is in ``tessera.methods.identity``.
"""

from tessera.methods.identity import connected_profiles


def model(dbt, session):
    dbt.config(materialized="incremental", incremental_strategy="append")
    links = dbt.ref("int_identity_links").set_alias("links")
    affected = dbt.ref("int_identity_affected").set_alias("affected")
    if dbt.is_incremental:
        # A link that leads from an affected profile leads to one.
        ends = "links.left_profile_key = affected.profile_key"
        links = links.join(affected, ends, how="semi")
    links = links.project("left_profile_key, right_profile_key").fetchnumpy()
    return connected_profiles(links["left_profile_key"], links["right_profile_key"])
