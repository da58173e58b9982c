"""What both scripts leave to scikit-learn: from a table of features to segments."""

from __future__ import annotations

import numpy as np
from sklearn.cluster import MiniBatchKMeans
from sklearn.decomposition import PCA
from sklearn.impute import SimpleImputer
from sklearn.metrics import silhouette_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

SEGMENT_COUNTS = range(3, 13)
SILHOUETTE_PERSONS = 10_000
SEED = 20250101


def choose_segments(matrix: np.ndarray) -> tuple[np.ndarray, int, list[float]]:
    """Standardise, project, cluster with every K, and keep the best silhouette.

    Mini-batches see everybody and are the quick way to do so; a silhouette of everybody
    is quadratic, so it is that of a sample, the same for every K.

    Parameters
    ----------
    matrix : ndarray of float32, shape (persons, features)
        Skewed columns already on a logarithm; NaN where a value is missing.

    Returns
    -------
    labels : ndarray of int32, shape (persons,)
        Segment of each person, from 0.
    segment_count : int
        The K chosen.
    silhouettes : list of float
        One per K of `SEGMENT_COUNTS`.
    """
    prepare = make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        StandardScaler(copy=False),
        PCA(n_components=0.85, svd_solver="full", random_state=SEED),
    )
    points = prepare.fit_transform(matrix).astype(np.float32, copy=False)
    generator = np.random.default_rng(SEED)
    size = min(SILHOUETTE_PERSONS, len(points))
    sample = points[generator.choice(len(points), size, replace=False)]
    models, silhouettes = [], []
    for segment_count in SEGMENT_COUNTS:
        model = MiniBatchKMeans(
            segment_count, batch_size=10_240, n_init=3, random_state=SEED
        ).fit(points)
        models.append(model)
        silhouettes.append(float(silhouette_score(sample, model.predict(sample))))
    best = models[int(np.argmax(silhouettes))]
    return best.labels_, best.n_clusters, silhouettes
