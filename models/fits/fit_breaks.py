"""One row per variable, scope, scope value and edge of those that K-means parts.

The method is in ``tessera.methods.breaks``.
"""

from tessera.methods.breaks import fit_breaks


def model(dbt, session):
    rules = dbt.ref("thresholds").filter("method = 'kmeans_breaks'")
    counts = dbt.ref("fit_value_counts").join(rules, "variable, scope", how="semi")
    return fit_breaks(
        counts.order("variable, scope, scope_value, measure").df(), rules.df()
    )
