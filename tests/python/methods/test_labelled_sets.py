"""The choice on labelled sets that others published; labels serve to judge only.

`scripts/bench choice` judges all of them. These are smaller ones of either kind, for
which one run takes seconds.
"""

import numpy as np
import pytest

from tessera.bench.choice import judge, read_sets

# Compact groups, which centroids follow, with the adjusted Rand index of K-means at the
# true K on z-scores.
COMPACT = {"uci/wine": 0.898, "wut/mk1": None, "wut/x1": None, "fcps/tetra": None}
# Shapes that no centroid follows: a challenger leads, and the champion stays behind.
SHAPES = ("graves/line", "graves/zigzag", "sipu/spiral", "sipu/jain")


@pytest.fixture(scope="module")
def verdicts(shared_data):
    folder = shared_data / "clustering"
    return {
        name: judge(name, points, labels)
        for name, points, labels in read_sets(folder, [*COMPACT, *SHAPES])
    }


def test_the_true_number_is_found(verdicts):
    wrong = {
        name: one.leading_count
        for name, one in verdicts.items()
        if one.leading_count != one.true_count
    }
    assert not wrong


def test_members_are_found(verdicts):
    assert np.mean([one.leading_rand for one in verdicts.values()]) > 0.95


def test_compact_groups_are_led_by_what_sql_scores(verdicts):
    for name, published in COMPACT.items():
        one = verdicts[name]
        assert one.champion_count == one.true_count
        assert one.champion_rand == one.leading_rand
        if published is not None:
            assert one.kmeans_rand == pytest.approx(published, abs=0.01)


def test_where_a_challenger_leads_the_champion_loses(verdicts):
    for name in SHAPES:
        assert verdicts[name].leading_algorithm == "hdbscan"
        assert verdicts[name].champion_rand < verdicts[name].leading_rand - 0.3
