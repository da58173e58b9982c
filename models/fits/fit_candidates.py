"""One row per number of segments tried: its figures, its centroids, the verdict.

The method is in ``tessera.methods.candidates``.
"""

from tessera.methods.candidates import fit_candidates
from tessera.methods.components import project
from tessera.methods.scaling import transform_features


def model(dbt, session):
    settings = dbt.config.get("meta")
    sample = dbt.ref("fit_sample").order("person_key").df()
    scaling = dbt.ref("fit_feature_scaling").order("feature_number").df()
    components = dbt.ref("fit_components").order("component, feature_number").df()
    return fit_candidates(
        project(transform_features(sample, scaling), components),
        minimum_segment_count=settings["minimum_segment_count"],
        maximum_segment_count=settings["maximum_segment_count"],
        random_state=settings["random_state"],
        order_by=sample["monetary_amount"].to_numpy(),
    )
