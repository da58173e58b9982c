"""One row per component and feature: what persons are compared on.

The method is in ``tessera.methods.components``.
"""

from tessera.methods.components import fit_components
from tessera.methods.scaling import transform_features
from tessera.refits import Refit, no_rows, sample_of


def model(dbt, session):
    refit = Refit.read(dbt.ref("fit_refit_decision"))
    if refit.adds_nothing(dbt):
        return no_rows(dbt, session)

    settings = dbt.config.get("meta")
    scaling = refit.tonight(dbt.ref("fit_feature_scaling")).order("feature_number").df()
    sample = sample_of(dbt.ref("fit_learning_sample"), scaling)
    numbers = scaling.set_index("feature")["feature_number"]
    components = fit_components(
        transform_features(sample, scaling),
        scaling.loc[scaling["is_used"], "feature"].tolist(),
        rule=settings["component_rule"],
        minimum_variance_share=settings["minimum_variance_share"],
    )
    return refit.dated(
        components.assign(
            feature_number=components["feature"].map(numbers).astype("int64")
        )
    )
