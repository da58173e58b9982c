"""One row per axis and feature: the components, turned so that people can name them.

The methods are in ``tessera.methods.rotation`` and ``tessera.methods.components``.
"""

from tessera.methods.components import name_axes
from tessera.methods.rotation import rotate_components
from tessera.refits import Refit, no_rows


def model(dbt, session):
    refit = Refit.read(dbt.ref("fit_refit_decision"))
    if refit.adds_nothing(dbt):
        return no_rows(dbt, session)

    labels = dbt.ref("ftr_feature_labels").order("priority").df()
    components = (
        refit.tonight(dbt.ref("fit_components")).order("component, feature_number").df()
    )
    numbers = components.set_index("feature")["feature_number"]
    axes = rotate_components(components)
    return refit.dated(
        axes.assign(
            feature_number=axes["feature"]
            .map(numbers[~numbers.index.duplicated()])
            .astype("int64"),
            axis_name=axes["component"].map(name_axes(axes, labels)),
        ).astype({"axis_name": "str"})
    )
