"""The report's charts: one pure function a chart, from a frame to an Altair chart.

Every chart takes the width of its container, colours from ``theme`` and a
description that says in words what the picture shows. Input needs one row at
least; the page says what is missing when there is none.
"""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from tessera.report import theme
from tessera.report.language import Language


def rfm_persons(cells: pd.DataFrame, say: Language) -> alt.LayerChart:
    """Draw the grid of recency by frequency scores, coloured by persons.

    Parameters
    ----------
    cells : DataFrame of shape (n_cells, n_columns)
        `recency_score`, `frequency_score` (1 or more), `person_count`. Cells
        that are not given hold no one and are left empty.
    """
    fullest = cells.loc[cells["person_count"].idxmax()]
    return _heat_map(
        cells,
        values=cells["person_count"],
        lowest=0,
        highest=cells["person_count"].max(),
        labels=cells["person_count"].map(say.compact),
        tooltip=say("Persons"),
        description=say(
            "Grid of persons by recency score (across) and frequency score (up). The "
            "fullest cell, recency {recency} and frequency {frequency}, holds "
            "{persons}.",
            recency=say.whole(fullest["recency_score"]),
            frequency=say.whole(fullest["frequency_score"]),
            persons=say.whole(fullest["person_count"]),
        ),
        say=say,
    )


def rfm_money(cells: pd.DataFrame, say: Language) -> alt.LayerChart:
    """Draw the grid of recency by frequency scores, coloured by mean monetary score.

    Parameters
    ----------
    cells : DataFrame of shape (n_cells, n_columns)
        `recency_score`, `frequency_score` (1 or more), `mean_monetary_score`,
        `highest_monetary_score`.
    """
    richest = cells.loc[cells["mean_monetary_score"].idxmax()]
    return _heat_map(
        cells,
        values=cells["mean_monetary_score"],
        lowest=1,
        highest=cells["highest_monetary_score"].max(),
        labels=cells["mean_monetary_score"].map(lambda score: say.decimals(score, 1)),
        tooltip=say("Mean monetary score"),
        description=say(
            "Grid of the mean monetary score by recency score (across) and frequency "
            "score (up). It is highest, {score}, at recency {recency} and frequency "
            "{frequency}.",
            score=say.decimals(richest["mean_monetary_score"], 1),
            recency=say.whole(richest["recency_score"]),
            frequency=say.whole(richest["frequency_score"]),
        ),
        say=say,
    )


def scatter(
    points: pd.DataFrame,
    segments: pd.DataFrame,
    say: Language,
    axis_names: tuple[str, str] | None,
) -> alt.LayerChart:
    """Draw persons as points, coloured by segment.

    Parameters
    ----------
    points : DataFrame of shape (n_persons, n_columns)
        `number` (of the segment, from 1), `across_position`, `up_position`.
    segments : DataFrame of shape (n_segments, n_columns)
        `number` and `segment_name`, numbered as the page's legend is.
    say : Language
        Words of the axes and the description.
    axis_names : tuple of str or None
        Names of both axes; None for a picture whose axes mean nothing.

    Returns
    -------
    LayerChart
        A point for each person, and each segment's number in a disc at the
        median of its points.
    """
    numbers = segments["number"].tolist()
    colours, symbols = zip(*map(theme.series_style, numbers), strict=True)
    middles = (
        points.groupby("number", as_index=False)[["across_position", "up_position"]]
        .median()
        .merge(segments, on="number")
    )

    def axis(column: str, name: str | None, channel: type) -> alt.X | alt.Y:
        return channel(
            f"{column}:Q",
            title=f"{name} →" if name else None,
            axis=alt.Axis(grid=True, gridColor=theme.RULE, tickCount=5)
            if name
            else None,
            scale=alt.Scale(zero=False, nice=False, padding=8),
        )

    across_name, up_name = axis_names or (None, None)
    place = {
        "x": axis("across_position", across_name, alt.X),
        "y": axis("up_position", up_name, alt.Y),
    }
    scale = alt.Scale(domain=numbers, range=list(colours))
    colour = alt.Color("number:N", legend=None, scale=scale)
    shape = alt.Shape(
        "number:N", legend=None, scale=alt.Scale(domain=numbers, range=list(symbols))
    )
    disc = alt.Chart(middles).encode(
        tooltip=alt.Tooltip("segment_name:N", title=say("Segment")), **place
    )
    where = (
        say("{across} across, {up} up", across=across_name, up=up_name)
        if axis_names
        else say("neighbours behave alike")
    )
    return _sized(
        alt.layer(
            alt.Chart(points[["number", "across_position", "up_position"]])
            .mark_point(filled=True, size=28, opacity=0.7, aria=False)
            .encode(color=colour, shape=shape, **place),
            disc.mark_circle(
                size=420, opacity=1, fill=theme.SURFACE, strokeWidth=2.5
            ).encode(stroke=alt.Stroke("number:N", legend=None, scale=scale)),
            disc.mark_text(fontWeight=700, fontSize=13, baseline="middle").encode(
                text="number:N"
            ),
        ),
        height=420,
        description=say(
            "Scatter of {count} persons: {where}.",
            count=say.whole(len(points)),
            where=where,
        )
        + " "
        + say("Middles of the segments:")
        + " "
        + "; ".join(
            say(
                "{name} at {across} across and {up} up",
                name=row.segment_name,
                across=say.decimals(row.across_position, 1),
                up=say.decimals(row.up_position, 1),
            )
            for row in middles.itertuples()
        ),
    )


def selection_curve(
    candidates: pd.DataFrame, measure: str, title: str, ticks: str, say: Language
) -> alt.LayerChart:
    """Draw one figure of the candidates against their number of segments.

    Parameters
    ----------
    candidates : DataFrame of shape (n_candidates, n_columns)
        `algorithm`, `number` (of the algorithm, from 1), `segment_count`,
        `is_elbow`, `is_chosen` and the measure, null where it was not taken.
    measure : str
        Column to draw: `silhouette`, `davies_bouldin` or `inertia`.
    title : str
        Name of the measure for the description.
    ticks : str
        Number format of the vertical axis (d3-format).
    say : Language
        Words of the axes, the marks and the description.

    Returns
    -------
    LayerChart
        A line for each algorithm; rules mark the chosen number of segments
        and the elbow.
    """
    curve = candidates.dropna(subset=measure)
    curve = curve[
        ["algorithm", "number", "segment_count", "is_elbow", "is_chosen", measure]
    ].assign(algorithm=curve["algorithm"].map(say.words))
    counts = sorted(curve["segment_count"].unique().tolist())
    numbers = sorted(curve["number"].unique().tolist())
    colours, symbols = zip(*map(theme.series_style, numbers), strict=True)
    scale = alt.Scale(domain=numbers, range=list(colours))
    marked = _marked_counts(curve, say)
    across = alt.X(
        "segment_count:Q",
        title=say("Number of segments"),
        axis=alt.Axis(values=counts, format="d", labelOverlap=True),
        scale=alt.Scale(zero=False, nice=False, padding=12),
    )
    line = alt.Chart(curve).encode(
        x=across,
        y=alt.Y(
            f"{measure}:Q",
            title=None,
            axis=alt.Axis(grid=True, gridColor=theme.RULE, tickCount=4, format=ticks),
            scale=alt.Scale(zero=False, padding=8),
        ),
        detail="algorithm:N",
        tooltip=[
            alt.Tooltip("algorithm:N", title=say("Algorithm")),
            alt.Tooltip("segment_count:Q", title=say("Segments")),
            alt.Tooltip(f"{measure}:Q", title=title, format=",.3~f"),
        ],
    )
    mark = alt.Chart(marked).encode(x=across)
    dashes = alt.StrokeDash(
        "mark:N",
        legend=None,
        scale=alt.Scale(domain=["chosen", "elbow"], range=[[1, 0], [4, 4]]),
    )
    label = mark.mark_text(
        align=alt.expr("datum.align"),
        baseline="bottom",
        dx=alt.expr("datum.align == 'left' ? 4 : -4"),
        dy=alt.expr("datum.mark == 'chosen' ? -20 : -4"),
    ).encode(text="label:N", y=alt.value(0))
    return _sized(
        alt.layer(
            mark.mark_rule(stroke=theme.MUTED).encode(strokeDash=dashes),
            line.mark_line(strokeWidth=2).encode(
                stroke=alt.Stroke("number:N", legend=None, scale=scale)
            ),
            line.mark_point(filled=True, size=40, opacity=1).encode(
                fill=alt.Fill("number:N", legend=None, scale=scale),
                shape=alt.Shape(
                    "number:N",
                    legend=None,
                    scale=alt.Scale(domain=numbers, range=list(symbols)),
                ),
            ),
            line.transform_filter(alt.datum.is_chosen).mark_point(
                filled=False, size=190, stroke=theme.INK, strokeWidth=2, opacity=1
            ),
            label,
        ),
        height=190,
        description=say(
            "{measure} of candidates with {least} to {most} segments. Marked: {marks}.",
            measure=title,
            least=counts[0],
            most=counts[-1],
            marks=say.listing(marked["label"].tolist()),
        ),
    )


def _marked_counts(curve: pd.DataFrame, say: Language) -> pd.DataFrame:
    """Give the numbers of segments to mark: the chosen one and the elbow.

    The elbow is that of the chosen algorithm where there is one. A label hangs
    to the side of its rule that has more room, the chosen one a line higher.
    """
    chosen = curve.loc[curve["is_chosen"]].head(1)
    elbows = curve.loc[curve["is_elbow"]]
    same = elbows.loc[elbows["algorithm"].isin(chosen["algorithm"])]
    elbow = (elbows if same.empty else same).head(1)

    marked = pd.concat([chosen.assign(mark="chosen"), elbow.assign(mark="elbow")])
    middle = (curve["segment_count"].min() + curve["segment_count"].max()) / 2
    right = marked["segment_count"] > middle
    return marked[["segment_count", "mark"]].assign(
        label=marked["segment_count"].astype(str)
        + ": "
        + marked["mark"].map({"chosen": say("chosen"), "elbow": say("elbow")}),
        align=right.map({True: "right", False: "left"}),
    )


def _heat_map(
    cells: pd.DataFrame,
    *,
    values: pd.Series,
    lowest: float,
    highest: float,
    labels: pd.Series,
    tooltip: str,
    description: str,
    say: Language,
) -> alt.LayerChart:
    """Draw the labelled grid; `values` from `lowest` to `highest` give the colour."""
    steps = np.floor((values - lowest) / max(highest - lowest, 1) * theme.HEAT_STEPS)
    filled = cells[["recency_score", "frequency_score"]].assign(
        step=steps.clip(0, theme.HEAT_STEPS - 1).astype("int64"),
        value=values,
        label=labels,
    )

    def scores(column: str) -> list[int]:
        return list(range(1, int(cells[column].max()) + 1))

    place = {
        "x": alt.X(
            "recency_score:O",
            title=say("Recency score (higher: bought more recently)"),
            axis=alt.Axis(labelAngle=0),
            scale=alt.Scale(domain=scores("recency_score")),
        ),
        "y": alt.Y(
            "frequency_score:O",
            title=say("Frequency score (higher: bought more often)"),
            scale=alt.Scale(domain=scores("frequency_score")[::-1]),
        ),
        "tooltip": [
            alt.Tooltip("recency_score:O", title=say("Recency score")),
            alt.Tooltip("frequency_score:O", title=say("Frequency score")),
            alt.Tooltip("value:Q", title=tooltip, format=",.2~f"),
        ],
    }

    def colour(colours: list[str]) -> alt.Color:
        steps = alt.Scale(domain=list(range(theme.HEAT_STEPS)), range=colours)
        return alt.Color("step:O", legend=None, scale=steps)

    base = alt.Chart(filled).encode(**place)
    return _sized(
        alt.layer(
            base.mark_rect(stroke=theme.SURFACE, strokeWidth=2).encode(
                color=colour(theme.HEAT)
            ),
            base.mark_text(baseline="middle").encode(
                text="label:N", color=colour(theme.HEAT_INK)
            ),
        ).resolve_scale(color="independent"),
        height=260,
        description=description,
    )


def _sized(chart: alt.LayerChart, *, height: int, description: str) -> alt.LayerChart:
    return chart.properties(
        width="container",
        height=height,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        description=description,
        config=theme.CONFIG,
    )
