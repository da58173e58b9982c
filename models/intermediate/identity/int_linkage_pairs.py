"""One row per pair of records that may be of one person, with its weight.

The method is in ``tessera.methods.linkage.nights``.
"""

from tessera.methods.linkage.nights import score_night


def model(dbt, session):
    dbt.config(materialized="table")
    learned = dbt.ref("int_linkage_parameters").order("learned_on desc").limit(1)
    return score_night(
        session,
        dbt.ref("int_linkage_records"),
        dbt.ref("int_linkage_places"),
        learned.to_arrow_table(),
        dbt.ref("int_linkage_pairs_before"),
    )
