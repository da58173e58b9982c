"""One row per segment of the chosen model: its name, its traits, its stability.

The methods are in ``tessera.methods.naming`` and ``tessera.methods.stability``.
"""

from tessera.methods.components import project
from tessera.methods.naming import name_segments
from tessera.methods.profile import segment_profile
from tessera.methods.scaling import transform_features
from tessera.methods.stability import stability_table
from tessera.refits import Refit, no_rows, sample_of


def model(dbt, session):
    refit = Refit.read(dbt.ref("fit_refit_decision"))
    if refit.adds_nothing(dbt):
        return no_rows(dbt, session)

    settings = dbt.config.get("meta")
    labels = dbt.ref("ftr_feature_labels").order("priority").df()
    scaling = refit.tonight(dbt.ref("fit_feature_scaling")).order("feature_number").df()
    sample = sample_of(dbt.ref("fit_learning_sample"), scaling)
    components = (
        refit.tonight(dbt.ref("fit_components")).order("component, feature_number").df()
    )
    chosen = refit.tonight(dbt.ref("fit_candidates")).filter("is_chosen").df()
    segments = refit.tonight(dbt.ref("fit_centroids")).order("segment_number").df()
    centroids = segments["coordinates"].tolist()

    matrix = transform_features(sample, scaling)
    points = project(matrix, components)
    used = scaling.loc[scaling["is_used"], "feature"].tolist()
    named = name_segments(segment_profile(matrix, points, centroids, used), labels)
    algorithm = "".join(chosen["algorithm"]) or "k_means"
    return refit.dated(
        named.merge(stability_table(points, centroids, algorithm=algorithm, **settings))
    )
