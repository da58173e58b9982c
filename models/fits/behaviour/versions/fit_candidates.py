"""One row per algorithm and number of segments: figures, centroids, the verdict.

The method is in ``tessera.methods.candidates``.
"""

from tessera.methods.candidates import fit_candidates
from tessera.methods.components import project
from tessera.methods.scaling import transform_features
from tessera.methods.structure import shuffled_points
from tessera.refits import Refit, no_rows, sample_of


def model(dbt, session):
    refit = Refit.read(dbt.ref("fit_refit_decision"))
    if refit.adds_nothing(dbt):
        return no_rows(dbt, session)

    settings = dbt.config.get("meta")
    scaling = refit.tonight(dbt.ref("fit_feature_scaling")).order("feature_number").df()
    sample = sample_of(
        dbt.ref("fit_learning_sample"), scaling, columns=["monetary_amount"]
    )
    components = (
        refit.tonight(dbt.ref("fit_components")).order("component, feature_number").df()
    )
    matrix = transform_features(sample, scaling)
    points = project(matrix, components)
    return refit.dated(
        fit_candidates(
            points,
            minimum_segment_count=settings["minimum_segment_count"],
            maximum_segment_count=settings["maximum_segment_count"],
            random_state=settings["random_state"],
            reference=shuffled_points(
                matrix, points.shape[1], random_state=settings["random_state"]
            ),
            divides_cloud=settings["divides_cloud"],
            order_by=sample["monetary_amount"].to_numpy(),
        )
    )
