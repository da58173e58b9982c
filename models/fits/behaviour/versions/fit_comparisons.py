"""One row per refit: how well the former model and tonight's part the same persons.

The method is in ``tessera.methods.promotion``.
"""

from tessera.methods.promotion import compare_models
from tessera.refits import Refit, no_rows


def model(dbt, session):
    refit = Refit.read(dbt.ref("fit_refit_decision"))
    if refit.adds_nothing(dbt):
        return no_rows(dbt, session)

    settings = dbt.config.get("meta")
    known, before = dbt.ref("fit_known_centroids"), dbt.ref("fit_former_model")
    former, tonight = refit.place(
        dbt.ref("fit_learning_sample"),
        dbt.ref("fit_feature_scaling").order("feature_number"),
        dbt.ref("fit_components").order("component, feature_number"),
        refit.last_in_use(known, before).order("segment_number"),
    )
    return refit.dated(
        compare_models(
            tonight.matrix,
            former.numbers,
            tonight.numbers,
            random_state=settings["random_state"],
        )
    )
