"""Behaviour of ``tessera.report.charts`` and ``tessera.report.theme``."""

import pandas as pd
import pytest

from tessera.report import charts, theme


def segments(count):
    return pd.DataFrame(
        {
            "segment_key": [f"s{number}" for number in range(count)],
            "segment_name": [f"Segment {number}" for number in range(count)],
            "person_share": 1 / count,
            "revenue_share": 1 / count,
        }
    )


def rows(spec):
    return [row for rows in spec["datasets"].values() for row in rows]


def test_only_the_largest_segments_are_drawn():
    spec = charts.segment_sizes(segments(40)).to_dict()
    names = {row["segment_name"] for row in rows(spec)}
    assert names == {f"Segment {number}" for number in range(charts.LARGEST_SEGMENTS)}


def test_shares_without_revenue_give_one_bar_a_segment():
    spec = charts.segment_sizes(
        segments(3).assign(revenue_share=float("nan"))
    ).to_dict()
    assert {row["row"] for row in rows(spec)} == {"name", "person_share"}


def test_a_grid_of_any_number_of_scores_keeps_its_empty_rows_and_columns():
    cells = pd.DataFrame(
        {"recency_score": [1, 7], "frequency_score": [3, 1], "person_count": [5, 10]}
    )
    place = charts.rfm_persons(cells).to_dict()["layer"][0]["encoding"]
    assert place["x"]["scale"]["domain"] == [1, 2, 3, 4, 5, 6, 7]
    assert place["y"]["scale"]["domain"] == [3, 2, 1]


def test_the_fullest_cell_has_the_last_colour_and_a_small_one_the_first():
    cells = pd.DataFrame(
        {"recency_score": [1, 2], "frequency_score": [1, 1], "person_count": [1, 100]}
    )
    steps = [row["step"] for row in rows(charts.rfm_persons(cells).to_dict())]
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
            "algorithm": "k-means",
            "number": 1,
            "segment_count": [2, 3, 4, 5],
            "silhouette": [0.4, 0.5, 0.3, 0.2],
        }
    )
    candidates["is_chosen"] = candidates["segment_count"].eq(chosen)
    candidates["is_elbow"] = candidates["segment_count"].eq(elbow)
    spec = charts.selection_curve(candidates, "silhouette", "Silhouette", ".2f")
    assert {row["label"] for row in rows(spec.to_dict()) if "label" in row} == labels


def test_no_two_series_look_the_same():
    styles = [theme.series_style(number) for number in range(1, 65)]
    assert len(set(styles)) == 64
