"""One row per model and segment: its key, kept from the segment it continues.

The method is in ``tessera.methods.matching``.
"""

from tessera.methods.matching import match_segments
from tessera.refits import Refit, no_rows


def model(dbt, session):
    refit = Refit.read(dbt.ref("fit_refit_decision"))
    if refit.adds_nothing(dbt):
        return no_rows(dbt, session)

    overlaps = refit.tonight(dbt.ref("fit_segment_overlaps")).df()
    segments = refit.tonight(dbt.ref("fit_centroids")).order("segment_number").df()
    version = refit.tonight(dbt.ref("fit_versions")).df()
    former_keys = {}
    if dbt.is_incremental:
        former = refit.formerly(session.table(str(dbt.this)))
        former_keys = dict(former.project("segment_number, segment_key").fetchall())
    return refit.dated(
        match_segments(
            overlaps,
            former_keys,
            segments["segment_number"].tolist(),
            prefix="behaviour-",
            founder="".join(version["model_version"]),
        )
    )
