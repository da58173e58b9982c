"""One row per feature: how it is transformed, filled, centred and scaled.

The method is in ``tessera.methods.scaling``.
"""

from tessera.methods.scaling import fit_scaling


def model(dbt, session):
    registry = dbt.ref("features").filter("is_clustered").order("priority").df()
    sample = dbt.ref("fit_sample").order("person_key").df()
    scaling = fit_scaling(sample, registry)
    numbers = registry.set_index("feature")["priority"]
    feature_number = scaling["feature"].map(numbers).astype("int64")
    return scaling.assign(feature_number=feature_number)
