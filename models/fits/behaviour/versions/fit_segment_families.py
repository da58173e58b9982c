"""One row per segment of the chosen model, with the family it belongs to.

The methods are in ``tessera.methods.hierarchy`` and ``tessera.methods.naming``.
"""

from tessera.methods.components import project
from tessera.methods.hierarchy import family_table
from tessera.methods.mixture import nearest_centroid
from tessera.methods.naming import name_segments
from tessera.methods.profile import group_profile
from tessera.methods.scaling import transform_features
from tessera.refits import Refit, no_rows, sample_of


def model(dbt, session):
    refit = Refit.read(dbt.ref("fit_refit_decision"))
    if refit.adds_nothing(dbt):
        return no_rows(dbt, session)

    labels = dbt.ref("ftr_feature_labels").order("priority").df()
    scaling = refit.tonight(dbt.ref("fit_feature_scaling")).order("feature_number").df()
    sample = sample_of(dbt.ref("fit_learning_sample"), scaling)
    components = (
        refit.tonight(dbt.ref("fit_components")).order("component, feature_number").df()
    )
    segments = refit.tonight(dbt.ref("fit_centroids")).order("segment_number").df()
    merges = refit.tonight(dbt.ref("fit_segment_merges")).order("merge_number").df()

    families = family_table(merges, segments["segment_number"])
    matrix = transform_features(sample, scaling)
    points, centroids = project(matrix, components), segments["coordinates"].tolist()
    numbers = nearest_centroid(points, centroids) - 1
    profile = group_profile(
        matrix,
        families["family_number"].to_numpy()[numbers],
        families["family_number"].nunique(),
        scaling.loc[scaling["is_used"], "feature"].tolist(),
    )
    named = name_segments(profile, labels).set_axis(
        ["family_number", "family_name", "description"], axis="columns"
    )
    return refit.dated(families.merge(named))
