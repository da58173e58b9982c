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
from tessera.report.formats import compact, decimals, listing, percent, whole

LARGEST_SEGMENTS = 15


def segment_sizes(segments: pd.DataFrame) -> alt.LayerChart:
    """Draw bars of a segmentation's shares of persons and of revenue.

    Parameters
    ----------
    segments : DataFrame of shape (n_segments, n_columns)
        `segment_key`, `segment_name`, `person_share`, `revenue_share` (null
        where no revenue is known), the largest first. At most
        `LARGEST_SEGMENTS` are drawn.

    Returns
    -------
    LayerChart
        A block of bars for each segment, its name above them: a name of any
        length then leaves the bars the whole width of a phone.
    """
    drawn = segments.head(LARGEST_SEGMENTS).assign(rank=lambda rows: range(len(rows)))
    bars = drawn.melt(
        id_vars=["rank", "segment_name"],
        value_vars=["person_share", "revenue_share"],
        var_name="row",
        value_name="share",
    ).dropna(subset="share")
    bars["label"] = bars["share"].map(percent)
    names = drawn[["rank", "segment_name"]].assign(row="name")

    rows = ["name", *bars["row"].unique()]
    block = {
        "y": alt.Y("rank:O", axis=None, scale=alt.Scale(paddingInner=0.22)),
        "yOffset": alt.YOffset("row:N", scale=alt.Scale(domain=rows, paddingInner=0.1)),
    }
    longest = bars["share"].max() or 1.0
    measure = alt.Chart(bars).encode(
        x=alt.X(
            "share:Q", axis=None, scale=alt.Scale(domain=[0, longest * 1.2], nice=False)
        ),
        tooltip=[
            alt.Tooltip("segment_name:N", title="Segment"),
            alt.Tooltip("label:N", title="Share"),
        ],
        **block,
    )
    colours = alt.Color(
        "row:N",
        legend=None,
        scale=alt.Scale(
            domain=["person_share", "revenue_share"],
            range=[theme.PERSONS, theme.REVENUE],
        ),
    )
    return _sized(
        alt.layer(
            alt.Chart(names)
            .mark_text(
                align="left",
                baseline="middle",
                fontSize=13,
                fontWeight=600,
                limit=alt.expr("width"),
            )
            .encode(x=alt.value(0), text="segment_name:N", **block),
            measure.mark_bar(cornerRadiusEnd=2).encode(color=colours),
            measure.mark_text(align="left", baseline="middle", dx=6).encode(
                text="label:N"
            ),
        ),
        height=len(drawn) * (18 * len(rows) + 12),
        description="Bars of each segment's share of persons and of revenue. "
        + ". ".join(
            f"{row.segment_name}: {percent(row.person_share)} of persons, "
            f"{percent(row.revenue_share)} of revenue"
            for row in drawn.itertuples()
        ),
    )


def rfm_persons(cells: pd.DataFrame) -> alt.LayerChart:
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
        labels=cells["person_count"].map(compact),
        tooltip="Persons",
        description="Grid of persons by recency score (across) and frequency score "
        f"(up). The fullest cell, recency {fullest.recency_score:.0f} and frequency "
        f"{fullest.frequency_score:.0f}, holds {whole(fullest.person_count)}.",
    )


def rfm_money(cells: pd.DataFrame) -> alt.LayerChart:
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
        labels=cells["mean_monetary_score"].map(lambda score: decimals(score, 1)),
        tooltip="Mean monetary score",
        description="Grid of the mean monetary score by recency score (across) and "
        "frequency score (up). It is highest, "
        f"{decimals(richest.mean_monetary_score, 1)}, at recency "
        f"{richest.recency_score:.0f} and frequency {richest.frequency_score:.0f}.",
    )


def behaviour_plane(
    points: pd.DataFrame, segments: pd.DataFrame, axis_names: tuple[str, str]
) -> alt.LayerChart:
    """Draw persons on the first two axes, coloured by behaviour segment.

    Parameters
    ----------
    points : DataFrame of shape (n_persons, n_columns)
        `number` (of the segment, from 1), `axis_1_score`, `axis_2_score`.
    segments : DataFrame of shape (n_segments, n_columns)
        `number` and `segment_name`, numbered as the page's legend is.
    axis_names : tuple of str
        Names of axis 1 and axis 2.

    Returns
    -------
    LayerChart
        A point for each person, and each segment's number in a disc at the
        median of its points.
    """
    numbers = segments["number"].tolist()
    colours, symbols = zip(*map(theme.series_style, numbers), strict=True)
    middles = (
        points.groupby("number", as_index=False)[["axis_1_score", "axis_2_score"]]
        .median()
        .merge(segments, on="number")
    )

    def axis(column: str, name: str, channel: type) -> alt.X | alt.Y:
        return channel(
            f"{column}:Q",
            title=name,
            axis=alt.Axis(grid=True, gridColor=theme.RULE, tickCount=5),
            scale=alt.Scale(zero=False, nice=False, padding=8),
        )

    place = {
        "x": axis("axis_1_score", f"{axis_names[0]} →", alt.X),
        "y": axis("axis_2_score", f"{axis_names[1]} →", alt.Y),
    }
    scale = alt.Scale(domain=numbers, range=list(colours))
    colour = alt.Color("number:N", legend=None, scale=scale)
    shape = alt.Shape(
        "number:N", legend=None, scale=alt.Scale(domain=numbers, range=list(symbols))
    )
    disc = alt.Chart(middles).encode(tooltip=alt.Tooltip("segment_name:N"), **place)
    return _sized(
        alt.layer(
            alt.Chart(points[["number", "axis_1_score", "axis_2_score"]])
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
        description=f"Scatter of {whole(len(points))} persons: {axis_names[0]} across, "
        f"{axis_names[1]} up. Middles of the segments: "
        + "; ".join(
            f"{row.segment_name} at {decimals(row.axis_1_score, 1)} across and "
            f"{decimals(row.axis_2_score, 1)} up"
            for row in middles.itertuples()
        ),
    )


def selection_curve(
    candidates: pd.DataFrame, measure: str, title: str, ticks: str
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

    Returns
    -------
    LayerChart
        A line for each algorithm; rules mark the chosen number of segments
        and the elbow.
    """
    curve = candidates.dropna(subset=measure)
    counts = sorted(curve["segment_count"].unique().tolist())
    numbers = sorted(curve["number"].unique().tolist())
    colours, symbols = zip(*map(theme.series_style, numbers), strict=True)
    scale = alt.Scale(domain=numbers, range=list(colours))
    marked = _marked_counts(curve)
    across = alt.X(
        "segment_count:Q",
        title="Number of segments",
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
            alt.Tooltip("algorithm:N", title="Algorithm"),
            alt.Tooltip("segment_count:Q", title="Segments"),
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
        description=f"{title} of candidates with {counts[0]} to {counts[-1]} "
        f"segments. Marked: {listing(marked['label'].tolist())}.",
    )


def _marked_counts(curve: pd.DataFrame) -> pd.DataFrame:
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
        label=marked["segment_count"].astype(str) + ": " + marked["mark"],
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
            title="Recency score (higher: bought more recently)",
            axis=alt.Axis(labelAngle=0),
            scale=alt.Scale(domain=scores("recency_score")),
        ),
        "y": alt.Y(
            "frequency_score:O",
            title="Frequency score (higher: bought more often)",
            scale=alt.Scale(domain=scores("frequency_score")[::-1]),
        ),
        "tooltip": [
            alt.Tooltip("recency_score:O", title="Recency score"),
            alt.Tooltip("frequency_score:O", title="Frequency score"),
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
