"""One row per merge of two segments, or of what was merged before: the tree.

The method is in ``tessera.methods.hierarchy``.
"""

from tessera.methods.hierarchy import merge_segments


def model(dbt, session):
    segments = dbt.ref("fit_centroids").order("segment_number").df()
    return merge_segments(
        segments["coordinates"].tolist(), segments["person_share"].to_numpy()
    )
