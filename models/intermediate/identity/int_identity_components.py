"""One row per profile that a link touches, with the component it stands in.

The method is in ``tessera.methods.identity``.
"""

from tessera.methods.identity import connected_profiles


def model(dbt, session):
    dbt.config(materialized="table")
    links = (
        dbt.ref("int_identity_links")
        .project("left_profile_key, right_profile_key")
        .fetchnumpy()
    )
    return connected_profiles(links["left_profile_key"], links["right_profile_key"])
