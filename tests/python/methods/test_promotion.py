"""A new model beside the one in use, on the same persons."""

import numpy as np
import pandas as pd
import pytest

from tessera.methods.placing import place_persons
from tessera.methods.promotion import COMPARISON_TYPES, compare_models

RANDOM = np.random.default_rng(7)
BLOBS = np.concatenate([RANDOM.normal(size=(100, 2)), RANDOM.normal(8, 1, (100, 2))])
TRUE = np.repeat([1, 2], 100)


def test_the_same_partition_under_other_numbers_is_neither_better_nor_worse():
    found = compare_models(BLOBS, TRUE, 3 - TRUE, random_state=0).iloc[0]
    assert found["silhouette_difference"] == 0
    assert found["standard_error"] == 0
    assert found["silhouette"] > 0.7


def test_a_partition_by_chance_is_worse_by_many_errors():
    chance = RANDOM.integers(1, 3, 200)
    found = compare_models(BLOBS, TRUE, chance, random_state=0).iloc[0]
    assert found["silhouette_difference"] < -10 * found["standard_error"]


def test_one_segment_counts_as_nothing_found():
    found = compare_models(BLOBS, np.ones(200, int), TRUE, random_state=0).iloc[0]
    assert found["former_silhouette"] == 0
    assert found["silhouette_difference"] == pytest.approx(found["silhouette"])


def test_nobody_is_compared_on():
    nothing = np.empty(0, dtype="int64")
    found = compare_models(np.empty((0, 2)), nothing, nothing, random_state=0)
    assert found.empty
    assert found.dtypes.astype(str).to_dict() == COMPARISON_TYPES


def test_a_large_sample_is_drawn_from():
    points = np.tile(BLOBS, (40, 1))
    found = compare_models(points, np.tile(TRUE, 40), np.tile(TRUE, 40), random_state=0)
    assert found["silhouette"].iloc[0] == pytest.approx(0.86, abs=0.05)


SCALING = pd.DataFrame(
    {
        "feature": ["visits", "orders"],
        "transform": "none",
        "imputed_value": [2.0, 1.0],
        "center": [2.0, 0.0],
        "scale": 1.0,
        "weight": 1.0,
        "is_used": True,
    }
)
COMPONENTS = pd.DataFrame(
    {
        "component": [1, 1],
        "feature": ["visits", "orders"],
        "weight_value": [1.0, 1.0],
        "feature_mean": [0.0, 0.0],
    }
)
SEGMENTS = pd.DataFrame({"coordinates": [[0.0], [10.0]]})


def test_an_older_model_takes_a_feature_that_is_gone_as_missing():
    placed = place_persons(
        pd.DataFrame({"orders": [0.0, 9.0]}), SCALING, COMPONENTS, SEGMENTS
    )
    assert placed.matrix.tolist() == [[0.0, 0.0], [0.0, 9.0]]
    assert placed.points.tolist() == [[0.0], [9.0]]
    assert placed.numbers.tolist() == [1, 2]


def test_a_model_without_segments_places_nobody():
    placed = place_persons(
        pd.DataFrame({"orders": [0.0]}), SCALING, COMPONENTS, SEGMENTS.iloc[:0]
    )
    assert len(placed.numbers) == len(placed.points) == len(placed.matrix) == 0
