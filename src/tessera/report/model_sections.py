"""How the behaviour segments lie, and why there are as many as there are."""

from __future__ import annotations

import pandas as pd

from tessera.report import charts, theme
from tessera.report.blocks import Cell, Figure, Key, Section, Table, missing
from tessera.report.formats import (
    counted,
    decimals,
    listing,
    percent,
    sentence,
    text_or_none,
    whole,
    words,
)
from tessera.report.read import PLANE_PERSONS

SELECTION_MEASURES = {
    "silhouette": ("Silhouette", "Higher is better.", ".2f"),
    "davies_bouldin": ("Davies-Bouldin", "Lower is better.", ".2f"),
    "inertia": ("Inertia", "Look for the bend.", "~s"),
}


def plane_section(
    plane: pd.DataFrame, segments: pd.DataFrame, axes: pd.DataFrame
) -> Section:
    """Persons on the two strongest axes of behaviour."""
    section_id, title = "plane", "The map of behaviour"
    if plane.empty:
        return missing(
            section_id,
            title,
            "No person has both axis scores and a behaviour segment yet: "
            "marts.fct_person_scores and marts.fct_segment_memberships hold none.",
        )
    named = _numbered_segments(plane, segments)
    points = plane.merge(named, on="segment_key")
    framed = _within_frame(points)
    outside = len(points) - len(framed)
    first, second = (_axis_title(axes, axis) for axis in (1, 2))
    explained = [axis for axis in (1, 2) if (axes["axis"] == axis).any()]
    return Section(
        section_id,
        title,
        seen=f"Each point is one of {whole(len(plane))} persons"
        + (", a fixed sample" if len(plane) == PLANE_PERSONS else "")
        + "; those who behave alike lie close together. A number marks the middle of "
        "its segment.",
        advice="Where two segments overlap, one message can serve both; where they "
        "stand apart, write for each.",
        figures=(
            Figure(
                "plane-persons",
                "Persons on the two strongest axes",
                f"Across: {first}. Up: {second}. Scores have no unit; 0 is about "
                "the average."
                + (
                    f" {counted(outside, 'person')} beyond the frame."
                    if outside
                    else ""
                ),
                charts.behaviour_plane(framed, named, (first, second)).to_dict(),
                keys=tuple(
                    Key(row.segment_name, *theme.series_style(row.number), row.number)
                    for row in named.itertuples()
                ),
            ),
        ),
        notes=tuple(_axis_note(axes, axis) for axis in explained),
    )


def selection_section(all_candidates: pd.DataFrame, model: pd.DataFrame) -> Section:
    """Why there are as many behaviour segments as there are."""
    section_id, title = "selection", "Why this many segments?"
    measured = all_candidates.dropna(subset=list(SELECTION_MEASURES), how="all")
    if measured.empty:
        return missing(
            section_id,
            title,
            "No model has been chosen yet: marts.fct_model_candidates has no "
            "candidate of the behaviour model. One is fitted when there are enough "
            "persons.",
        )
    algorithms = measured["algorithm"].unique().tolist()
    candidates = measured.assign(
        number=measured["algorithm"].map(algorithms.index) + 1,
    )
    counts = candidates["segment_count"]
    chosen = candidates.loc[candidates["is_chosen"]]
    reasons = [*model["reason"].dropna(), *chosen["reason"].dropna()]
    return Section(
        section_id,
        title,
        seen=f"Measured: {counted(len(candidates), 'candidate')} with "
        + " to ".join(map(str, sorted({counts.min(), counts.max()})))
        + " segments. "
        + (
            f"The one with {chosen['segment_count'].iloc[0]} was chosen. "
            if len(chosen)
            else "So far none was chosen. "
        )
        + sentence(reasons[0] if reasons else "No reason was recorded."),
        advice="Ask for another number only if it is better on every curve and its "
        "segments call for different campaigns.",
        figures=tuple(
            Figure(
                f"selection-{measure.replace('_', '-')}",
                name,
                hint,
                charts.selection_curve(candidates, measure, name, ticks).to_dict(),
                keys=tuple(
                    Key(algorithm, *theme.series_style(number))
                    for number, algorithm in enumerate(algorithms, start=1)
                    if len(algorithms) > 1
                ),
            )
            for measure, (name, hint, ticks) in SELECTION_MEASURES.items()
            if candidates[measure].notna().any()
        ),
        tables=(_candidates_table(candidates),),
    )


def _numbered_segments(plane: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """Give each segment on the plane its number, the largest first.

    A key without a row in dim_segments is named by itself, at the end.
    """
    behaviour = segments.loc[segments["segmentation"] == "behaviour"]
    names = dict(zip(behaviour["segment_key"], behaviour["segment_name"], strict=True))
    present = set(plane["segment_key"])
    keys = [key for key in names if key in present] + sorted(present - set(names))
    return pd.DataFrame(
        {
            "segment_key": keys,
            "segment_name": [names.get(key, key) for key in keys],
            "number": range(1, len(keys) + 1),
        }
    )


def _within_frame(points: pd.DataFrame) -> pd.DataFrame:
    """Keep the points that do not lie so far out that the rest would be a blot.

    The frame is the span of the middle 98 % on each axis, and once that span
    again to either side. In a usual cloud it leaves out no one.
    """
    scores = points[["axis_1_score", "axis_2_score"]]
    low, high = scores.quantile(0.01), scores.quantile(0.99)
    span = high - low
    return points.loc[
        scores.ge(low - span).all(axis=1) & scores.le(high + span).all(axis=1)
    ]


def _axis_title(axes: pd.DataFrame, axis: int) -> str:
    names = axes.loc[axes["axis"] == axis, "axis_name"].dropna()
    return names.iloc[0] if len(names) else f"Axis {axis}"


def _axis_note(axes: pd.DataFrame, axis: int) -> str:
    loadings = axes.loc[axes["axis"] == axis]
    heaviest = [
        f"{words(row.feature).lower()} ({row.loading:+.2f})"
        for row in loadings.head(3).itertuples()
    ]
    share = loadings["explained_variance_share"].iloc[0]
    return (
        f"“{_axis_title(axes, axis)}” explains {percent(share)} of how persons differ; "
        f"it is made mostly of {listing(heaviest)}."
    )


def _candidates_table(candidates: pd.DataFrame) -> Table:
    figures = ("Silhouette", "Davies-Bouldin", "Inertia")
    return Table(
        "All candidates in figures",
        ("Candidate", *figures, "Reason"),
        frozenset(figures),
        [
            (
                Cell(
                    f"{row.algorithm}, {row.segment_count}",
                    " and ".join(
                        word
                        for word, holds in (
                            ("chosen", row.is_chosen),
                            ("elbow", row.is_elbow),
                        )
                        if holds
                    )
                    or None,
                ),
                Cell(decimals(row.silhouette, 3)),
                Cell(decimals(row.davies_bouldin, 3)),
                Cell(whole(row.inertia)),
                Cell(text_or_none(row.reason) or ""),
            )
            for row in candidates.itertuples()
        ],
        is_folded=True,
    )
