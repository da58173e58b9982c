"""One row per night on which the matcher learned what it weighs records by.

The method is in ``tessera.methods.linkage.nights``.
"""

from tessera.methods.linkage.nights import learn_when_due


def model(dbt, session):
    dbt.config(materialized="incremental", incremental_strategy="append")
    ((as_of_date,),) = dbt.ref("int_clock").project("as_of_date").fetchall() or (
        (None,),
    )
    return learn_when_due(
        session,
        dbt.ref("int_linkage_records"),
        dbt.ref("int_linkage_parameters_before").to_arrow_table(),
        as_of_date,
    )
