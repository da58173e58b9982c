"""Exact K-means on a line, against published answers and against every partition."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from tessera.methods.breaks import BREAK_TYPES, breaks, fit_breaks


def within_squares(values, weights, edges):
    """Squared distance of values to the mean of their group, groups cut at edges."""
    groups = np.searchsorted(edges, values, side="left")
    return sum(
        np.sum(
            weights[groups == group]
            * (
                values[groups == group]
                - np.average(values[groups == group], weights=weights[groups == group])
            )
            ** 2
        )
        for group in np.unique(groups)
    )


def test_the_published_example_of_ckmeans_1d_dp():
    # Wang & Song (2011), R Journal 3/2: centers -1, 2, 5 of sizes 4, 3, 3.
    values = [-1, 2, -1, 2, 4, 5, 6, -1, 2, -1]
    assert breaks(values, np.ones(10), 3) == [-1, 2]


@pytest.mark.parametrize("seed", range(20))
def test_no_other_partition_is_better(seed):
    random = np.random.default_rng(seed)
    values = np.sort(random.choice(40, size=9, replace=False)).astype(float)
    weights = random.integers(1, 6, size=9).astype(float)
    found = within_squares(values, weights, breaks(values, weights, 4))
    best = min(
        within_squares(values, weights, values[list(cuts)])
        for cuts in combinations(range(8), 3)
    )
    assert found == pytest.approx(best, rel=1e-12)


def test_equal_values_weigh_as_much_as_one_value_with_their_weight():
    values = np.array([1.0, 2.0, 2.0, 2.0, 9.0])
    assert breaks(values[::-1], np.ones(5), 2) == breaks([1, 2, 9], [1, 3, 1], 2) == [2]


def test_few_bins_find_the_valley_that_all_values_have():
    random = np.random.default_rng(7)
    values = np.concatenate([random.normal(10, 1, 5_000), random.normal(50, 5, 5_000)])
    (edge,) = breaks(values, np.ones(10_000), 2, largest_histogram=64)
    assert np.sum(values <= edge) == pytest.approx(5_000, abs=10_000 / 64)
    # An edge is a value, also where values were joined.
    assert edge in values
    (edge,) = breaks(values[::20], np.ones(500), 2)
    assert np.sum(values[::20] <= edge) == 250


def test_large_values_with_little_spread_keep_their_groups():
    values = 1e9 + np.array([0.0, 0.1, 0.2, 5.0, 5.1])
    assert breaks(values, np.ones(5), 2) == [values[2]]


@pytest.mark.parametrize(
    ("values", "expected"),
    [([], []), ([7], [7, 7]), ([7, 7, 7], [7, 7]), ([1, 2], [1, 2])],
)
def test_too_few_different_values_repeat_the_largest(values, expected):
    assert breaks(values, np.ones(len(values)), 3) == expected


@pytest.mark.parametrize(
    ("values", "weights", "count", "message"),
    [
        ([1, 2], [1, 1], 1, "group_count should be 2 or more, found 1"),
        ([1, np.nan], [1, 1], 2, "values should be finite, found nan"),
        ([1, 2], [1], 2, "as many as values, found 1 and 2"),
        ([1, 2], [1, 0], 2, "weights should be above 0, found 0.0"),
    ],
)
def test_a_bad_argument_is_named(values, weights, count, message):
    with pytest.raises(ValueError, match=message):
        breaks(values, weights, count)


def test_each_scope_value_has_its_own_breaks_in_any_order_of_rows():
    counts = pd.DataFrame(
        {
            "variable": ["amount"] * 6 + ["other"],
            "scope": ["region"] * 6 + ["all"],
            "scope_value": ["a", "a", "a", "b", "b", "b", "all"],
            "measure": [1.0, 2.0, 9.0, 1.0, 8.0, 9.0, 5.0],
            "person_count": 1,
        }
    )
    rules = pd.DataFrame(
        {"variable": ["amount"], "scope": ["region"], "bin_count": [2]}
    )
    found = fit_breaks(counts, rules)
    assert found[["scope_value", "edge"]].values.tolist() == [["a", 2], ["b", 1]]
    again = fit_breaks(counts.sample(frac=1, random_state=1), rules)
    pd.testing.assert_frame_equal(found, again)


def test_no_rows_give_an_empty_table_of_the_same_types():
    counts = pd.DataFrame(
        columns=["variable", "scope", "scope_value", "measure", "person_count"]
    )
    rules = pd.DataFrame(columns=["variable", "scope", "bin_count"])
    found = fit_breaks(counts, rules)
    assert found.dtypes.astype(str).to_dict() == BREAK_TYPES
    assert found.empty
