"""How large the segments are, what they bring, and where buyers stand."""

from __future__ import annotations

import pandas as pd

from tessera.report import charts, theme
from tessera.report.blocks import Cell, Figure, Key, Ramp, Section, Table, missing
from tessera.report.formats import (
    compact,
    counted,
    decimals,
    listing,
    percent,
    slug,
    text_or_none,
    whole,
)

TITLES = {"rfm": "RFM segments", "behaviour": "Behaviour segments"}
TRUSTED_STABILITY = 0.6
# Hennig (2007), cluster-wise assessment of cluster stability: Jaccard means
STABILITY_WORDS = ((0.85, "very stable"), (0.75, "stable"), (0.6, "a tendency"))


def segmentation_section(name: str, all_segments: pd.DataFrame) -> Section:
    """Sizes of one segmentation's segments, in persons and in revenue."""
    section_id = f"segments-{slug(name)}"
    title = TITLES.get(name) or f"{name.replace('_', ' ').capitalize()} segments"
    segments = all_segments.loc[all_segments["segmentation"] == name]
    if segments.empty:
        return missing(
            section_id,
            title,
            f"No {name} segment yet: marts.dim_segments has no row for it. It fills "
            "once persons with purchases or activity have been loaded.",
        )
    has_revenue = segments["revenue_share"].fillna(0).sum() > 0
    keys = [Key("share of persons", theme.PERSONS)]
    if has_revenue:
        keys.append(Key("share of revenue", theme.REVENUE))
    drawn = segments if has_revenue else segments.assign(revenue_share=float("nan"))
    left_out = len(segments) - charts.LARGEST_SEGMENTS
    return Section(
        section_id,
        title,
        seen=_sizes_seen(segments, has_revenue),
        advice=_sizes_advice(segments, has_revenue),
        figures=(
            Figure(
                f"sizes-{slug(name)}",
                "Who they are, and what they bring" if has_revenue else "How many",
                "Shares in percent of all persons"
                + (" and of all revenue" if has_revenue else "")
                + ", the largest segment first"
                + (
                    f"; {counted(left_out, 'smaller segment')} only in the table."
                    if left_out > 0
                    else "."
                ),
                charts.segment_sizes(drawn).to_dict(),
                keys=tuple(keys),
            ),
        ),
        tables=(_segments_table(title, segments),),
    )


def rfm_section(all_cells: pd.DataFrame) -> Section:
    """Where buyers stand on recency and frequency."""
    section_id, title = "rfm-grid", "How recently, and how often"
    is_buyer = (all_cells["recency_score"] > 0) & (all_cells["frequency_score"] > 0)
    cells = all_cells.loc[is_buyer].reset_index(drop=True)
    if cells.empty:
        return missing(
            section_id,
            title,
            "No purchase has been scored yet: marts.fct_person_scores holds no "
            "person with a recency and a frequency score.",
        )
    buyers = cells["person_count"].sum()
    others = all_cells["person_count"].sum() - buyers
    fullest = cells.loc[cells["person_count"].idxmax()]
    best_money = cells["highest_monetary_score"].max()
    return Section(
        section_id,
        title,
        seen=f"The fullest cell is recency {fullest.recency_score:.0f}, frequency "
        f"{fullest.frequency_score:.0f}: {whole(fullest.person_count)} persons, "
        f"{percent(fullest.person_count / buyers)} of buyers. "
        + (
            f"{whole(others)} never bought and are outside the grid."
            if others
            else "Every person has bought at least once."
        ),
        advice="The aim is to move people up and to the right. Start at the upper "
        "left, who bought often but not lately: they are worth a win-back offer. "
        "At the lower right, suggest a second purchase.",
        figures=(
            Figure(
                "rfm-persons",
                "How many persons",
                "Persons in each cell.",
                charts.rfm_persons(cells).to_dict(),
                ramp=Ramp("none", compact(cells["person_count"].max())),
            ),
            Figure(
                "rfm-money",
                "How much they spend",
                f"Mean monetary score in each cell, from 1 to {best_money:.0f}.",
                charts.rfm_money(cells).to_dict(),
                ramp=Ramp("1", f"{best_money:.0f}"),
            ),
        ),
    )


def _sizes_seen(segments: pd.DataFrame, has_revenue: bool) -> str:
    largest = segments.iloc[0]
    if not has_revenue:
        return (
            f"“{largest.segment_name}” is the largest of "
            f"{counted(len(segments), 'segment')} with "
            f"{percent(largest.person_share)} of persons. Revenue is not known here."
        )
    richest = segments.loc[segments["revenue_share"].idxmax()]
    seen = (
        f"“{richest.segment_name}” brings {percent(richest.revenue_share)} of revenue "
        f"with {percent(richest.person_share)} of persons"
    )
    if richest.segment_key == largest.segment_key:
        return f"{seen}: the largest of {counted(len(segments), 'segment')} both ways."
    return (
        f"{seen}; “{largest.segment_name}”, the largest of "
        f"{counted(len(segments), 'segment')}, brings "
        f"{percent(largest.revenue_share)} with {percent(largest.person_share)}."
    )


def _sizes_advice(segments: pd.DataFrame, has_revenue: bool) -> str:
    shaky = segments.loc[segments["stability"] < TRUSTED_STABILITY, "segment_name"]
    if len(shaky):
        few = [f"“{name}”" for name in shaky]
        named = listing(few) if len(few) <= 3 else f"{len(few)} of these segments"
        return (
            f"Plan no lasting campaign on {named} yet: with a "
            f"stability under {TRUSTED_STABILITY:.2f}, another sample of the same "
            "persons would draw the segment differently."
        )
    if has_revenue:
        return (
            "Where the revenue bar is longer than the persons bar, spend on keeping "
            "people; where it is shorter, keep the contact cheap."
        )
    return "Choose the message by segment, and the effort by how many it reaches."


def _segments_table(title: str, segments: pd.DataFrame) -> Table:
    shares = ("Persons", "Share of persons", "Share of revenue", "Stability")
    return Table(
        f"{title} in figures",
        ("Segment", *shares),
        frozenset(shares),
        [
            (
                Cell(row.segment_name, text_or_none(row.description)),
                Cell(whole(row.person_count)),
                Cell(percent(row.person_share)),
                Cell(percent(row.revenue_share)),
                Cell(decimals(row.stability), _stability_word(row.stability)),
            )
            for row in segments.itertuples()
        ],
    )


def _stability_word(stability: float | None) -> str | None:
    if pd.isna(stability):
        return None
    words = [word for least, word in STABILITY_WORDS if stability >= least]
    return words[0] if words else "unstable"
