"""One row per person of a small part of the sample: where she lies on the picture.

The method is in ``tessera.methods.picture``.
"""

from tessera.methods.components import project
from tessera.methods.picture import draw_picture
from tessera.methods.scaling import transform_features
from tessera.refits import Refit, no_rows, sample_of


def model(dbt, session):
    refit = Refit.read(dbt.ref("fit_refit_decision"))
    if refit.adds_nothing(dbt):
        return no_rows(dbt, session)

    settings = dbt.config.get("meta")
    scaling = refit.tonight(dbt.ref("fit_feature_scaling")).order("feature_number").df()
    sample = sample_of(dbt.ref("fit_learning_sample"), scaling)
    components = (
        refit.tonight(dbt.ref("fit_components")).order("component, feature_number").df()
    )
    return refit.dated(
        draw_picture(
            project(transform_features(sample, scaling), components),
            sample["person_key"].to_numpy(),
            random_state=settings["random_state"],
        )
    )
