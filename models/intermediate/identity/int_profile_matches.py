"""One row per pair of profiles that the matcher thinks alike.

The method is in ``tessera.methods.linkage``.
"""

from tessera.methods.linkage import match_records


def model(dbt, session):
    return match_records(session, dbt.ref("int_linkage_records"))
