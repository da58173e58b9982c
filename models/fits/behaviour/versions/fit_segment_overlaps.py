"""One row per segment of the former model and one of tonight's: whom they share.

The method is in ``tessera.methods.matching``.
"""

from tessera.methods.matching import segment_overlaps
from tessera.refits import Refit, no_rows


def model(dbt, session):
    refit = Refit.read(dbt.ref("fit_refit_decision"))
    if refit.adds_nothing(dbt):
        return no_rows(dbt, session)

    known, before = dbt.ref("fit_known_centroids"), dbt.ref("fit_former_model")
    former, tonight = refit.place(
        dbt.ref("fit_learning_sample"),
        dbt.ref("fit_feature_scaling").order("feature_number"),
        dbt.ref("fit_components").order("component, feature_number"),
        refit.last_in_use(known, before).order("segment_number"),
    )
    return refit.dated(
        segment_overlaps(tonight.points, former.numbers, tonight.numbers)
    )
