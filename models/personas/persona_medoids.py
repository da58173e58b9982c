"""One row per segment of a partition: the person nearest to its centre.

The method is in ``tessera.methods.medoids``.
"""

from tessera.methods.components import project
from tessera.methods.medoids import medoids
from tessera.methods.scaling import transform_features
from tessera.refits import of_champion, sample_of


def model(dbt, session):
    champions = dbt.ref("fit_champions")
    scalings = of_champion(dbt.ref("fit_feature_scaling"), champions)
    scaling = scalings.order("feature_number").df()
    sample = sample_of(dbt.ref("fit_sample"), scaling)
    every_component = of_champion(dbt.ref("fit_components"), champions)
    components = every_component.order("component, feature_number").df()
    memberships = dbt.ref("persona_sample_segments").df()
    described = dbt.ref("persona_facts").filter("is_described").df()
    return medoids(
        project(transform_features(sample, scaling), components),
        sample["person_key"],
        memberships,
        described["segment_key"],
    )
