"""One row per segment of a partition: the person nearest to its centre.

The method is in ``tessera.methods.medoids``.
"""

from tessera.methods.components import project
from tessera.methods.medoids import medoids
from tessera.methods.scaling import transform_features


def model(dbt, session):
    sample = dbt.ref("fit_sample").order("person_key").df()
    scaling = dbt.ref("fit_feature_scaling").order("feature_number").df()
    components = dbt.ref("fit_components").order("component, feature_number").df()
    memberships = dbt.ref("persona_sample_segments").df()
    described = dbt.ref("persona_facts").filter("is_described").df()
    return medoids(
        project(transform_features(sample, scaling), components),
        sample["person_key"],
        memberships,
        described["segment_key"],
    )
