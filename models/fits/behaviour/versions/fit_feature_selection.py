"""One row per feature of the registry: whether it is clustered on, and why not.

The method is in ``tessera.methods.selection``.
"""

from tessera.methods.imputation import columns_read
from tessera.methods.selection import select_features
from tessera.refits import Refit, first_row, no_rows, sample_of


def model(dbt, session):
    refit = Refit.read(dbt.ref("fit_refit_decision"))
    if refit.adds_nothing(dbt):
        return no_rows(dbt, session)

    settings = dbt.config.get("meta")
    registry = dbt.ref("features").order("priority").df()
    sample = sample_of(dbt.ref("fit_learning_sample"), columns=columns_read(registry))
    bounds = dbt.ref("fit_outlier_bounds").filter("action = 'winsorise'").df()
    # The shop is as old as its first purchase.
    (tenure,) = first_row(dbt.ref("ftr_person_rfm").aggregate("max(tenure_days)"))
    selection = select_features(
        sample,
        registry,
        bounds=bounds,
        known_days=0 if tenure is None else tenure + 1,
        maximum_missing_share=settings["maximum_missing_share"],
        rule=settings["component_rule"],
        minimum_variance_share=settings["minimum_variance_share"],
        minimum_contribution=settings["minimum_component_contribution"],
    )
    numbers = registry.set_index("feature")["priority"]
    return refit.dated(
        selection.assign(
            feature_number=selection["feature"].map(numbers).astype("int64")
        )
    )
