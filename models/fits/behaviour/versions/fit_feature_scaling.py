"""One row per feature: how it is clipped, filled, transformed, centred and scaled.

The method is in ``tessera.methods.scaling``.
"""

from tessera.methods.imputation import columns_read
from tessera.methods.scaling import fit_scaling
from tessera.refits import Refit, no_rows, sample_of


def model(dbt, session):
    refit = Refit.read(dbt.ref("fit_refit_decision"))
    if refit.adds_nothing(dbt):
        return no_rows(dbt, session)

    settings = dbt.config.get("meta")
    registry = dbt.ref("features").filter("is_clustered").order("priority").df()
    sample = sample_of(dbt.ref("fit_learning_sample"), columns=columns_read(registry))
    bounds = dbt.ref("fit_outlier_bounds").filter("action = 'winsorise'").df()
    selection = (
        refit.tonight(dbt.ref("fit_feature_selection")).filter("not is_kept").df()
    )
    scaling = fit_scaling(
        sample,
        registry,
        bounds=bounds,
        left_out=dict(zip(selection["feature"], selection["reason"], strict=True)),
        maximum_missing_share=settings["maximum_missing_share"],
    )
    numbers = registry.set_index("feature")["priority"]
    return refit.dated(
        scaling.assign(feature_number=scaling["feature"].map(numbers).astype("int64"))
    )
