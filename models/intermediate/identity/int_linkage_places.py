"""One row per record to match, with the blocks it is compared in.

The method is in ``tessera.methods.linkage.nights``.
"""

from tessera.methods.linkage.nights import place_records


def model(dbt, session):
    dbt.config(materialized="table")
    return place_records(
        session, dbt.ref("int_linkage_records"), dbt.ref("int_linkage_places_before")
    )
