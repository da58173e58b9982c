"""Behaviour of ``tessera.report.charts``, ``drawings`` and ``theme``."""

from itertools import pairwise

import pandas as pd
import pytest

from tessera.report import charts, theme
from tessera.report.drawings import (
    SANKEY_HEIGHT,
    SLOT,
    End,
    Flow,
    Leaf,
    dendrogram,
    line_path,
    sankey,
)
from tessera.report.language import language

SAY = language("en")
LOYAL, NEW, LOST = (End(name, "red") for name in ("Loyal", "New", "Lost"))


def rows(spec):
    return [row for rows in spec["datasets"].values() for row in rows]


def test_a_grid_of_any_number_of_scores_keeps_its_empty_rows_and_columns():
    cells = pd.DataFrame(
        {"recency_score": [1, 7], "frequency_score": [3, 1], "person_count": [5, 10]}
    )
    place = charts.rfm_persons(cells, SAY).to_dict()["layer"][0]["encoding"]
    assert place["x"]["scale"]["domain"] == [1, 2, 3, 4, 5, 6, 7]
    assert place["y"]["scale"]["domain"] == [3, 2, 1]


def test_the_fullest_cell_has_the_last_colour_and_a_small_one_the_first():
    cells = pd.DataFrame(
        {"recency_score": [1, 2], "frequency_score": [1, 1], "person_count": [1, 100]}
    )
    steps = [row["step"] for row in rows(charts.rfm_persons(cells, SAY).to_dict())]
    assert steps == [0, theme.HEAT_STEPS - 1]


@pytest.mark.parametrize(
    ("chosen", "elbow", "labels"),
    [
        (3, 5, {"3: chosen", "5: elbow"}),
        (3, 3, {"3: chosen", "3: elbow"}),
        (None, 2, {"2: elbow"}),
        (None, None, set()),
    ],
)
def test_chosen_and_elbow_are_marked(chosen, elbow, labels):
    candidates = pd.DataFrame(
        {
            "algorithm": "k_means",
            "number": 1,
            "segment_count": [2, 3, 4, 5],
            "silhouette": [0.4, 0.5, 0.3, 0.2],
        }
    )
    candidates["is_chosen"] = candidates["segment_count"].eq(chosen)
    candidates["is_elbow"] = candidates["segment_count"].eq(elbow)
    spec = charts.selection_curve(candidates, "silhouette", "Silhouette", ".2f", SAY)
    assert {row["label"] for row in rows(spec.to_dict()) if "label" in row} == labels


def test_no_two_series_look_the_same():
    styles = [theme.series_style(number) for number in range(1, 65)]
    assert len(set(styles)) == 64


def test_both_sides_of_flows_hold_the_same_persons():
    drawn = sankey(
        [
            Flow(LOYAL, LOST, 30, ""),
            Flow(LOYAL, NEW, 10, ""),
            Flow(NEW, LOST, 20, ""),
        ]
    )
    sums = [
        [(node.label, node.figure) for node in side]
        for side in (drawn.left, drawn.right)
    ]
    assert sums == [[("Loyal", "40"), ("New", "20")], [("Lost", "50"), ("New", "10")]]
    for side in (drawn.left, drawn.right):
        assert sum(node.height for node in side) == pytest.approx(112, abs=0.5)


def test_a_thin_flow_still_has_room_for_its_name():
    ends = [End(str(number), "red") for number in range(40)]
    drawn = sankey(
        [Flow(LOYAL, LOST, 100_000, ""), *(Flow(end, LOST, 1, "") for end in ends)]
    )
    middles = [node.middle for node in drawn.left]
    gaps = [low - high for high, low in pairwise(middles)]
    assert min(gaps) >= SLOT - 0.2
    assert drawn.height > SANKEY_HEIGHT


def test_no_flow_gives_an_empty_picture():
    assert sankey([]).ribbons == ()


def test_a_line_of_equal_values_is_flat():
    assert line_path([5, 5, 5]) == "M0,100L50,100L100,100"
    assert line_path([0, 0], from_zero=True) == "M0,100L100,100"


def test_lines_of_the_tree_do_not_cross():
    leaves = {number: Leaf(str(number), None, "red") for number in range(1, 6)}
    merges = [(1, 5, 6, 0.1), (2, 4, 7, 0.2), (3, 6, 8, 0.4), (7, 8, 9, 1.0)]
    tree = dendrogram(leaves, merges)
    order = [leaf.label for leaf in tree.leaves]
    for group in ("15", "24", "315"):
        places = sorted(order.index(label) for label in group)
        assert places == list(range(places[0], places[0] + len(group)))
