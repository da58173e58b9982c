"""One row per merge of two segments, or of what was merged before: the tree.

The method is in ``tessera.methods.hierarchy``.
"""

from tessera.methods.hierarchy import merge_segments
from tessera.refits import Refit, no_rows


def model(dbt, session):
    refit = Refit.read(dbt.ref("fit_refit_decision"))
    if refit.adds_nothing(dbt):
        return no_rows(dbt, session)

    segments = refit.tonight(dbt.ref("fit_centroids")).order("segment_number").df()
    return refit.dated(
        merge_segments(
            segments["coordinates"].tolist(), segments["person_share"].to_numpy()
        )
    )
