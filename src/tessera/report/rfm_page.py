"""How recently, how often, for how much: where buyers stand, and why."""

from __future__ import annotations

from tessera.report import charts
from tessera.report.blocks import (
    Cell,
    Figure,
    Lookup,
    Page,
    Ramp,
    Row,
    Section,
    Table,
    missing,
)
from tessera.report.conditions import (
    SCORED,
    cells_of,
    edges_of,
    range_words,
)
from tessera.report.edition import Edition
from tessera.report.language import Language, is_missing


def rfm_page(edition: Edition) -> Page:
    """Write the RFM page."""
    say = edition.say
    return Page(
        "rfm.html",
        say("Recency, frequency, money"),
        say("Where buyers stand, where one score ends and the next begins, and why."),
        [
            grid_section(edition),
            lookup_section(edition),
            scores_section(edition),
            rules_section(edition),
            thresholds_section(edition),
        ],
        place="rfm",
    )


def grid_section(edition: Edition) -> Section:
    """Show where buyers stand on recency and frequency."""
    say = edition.say
    title = say("How recently, and how often")
    all_cells = edition.marts.rfm_cells
    is_buyer = (all_cells["recency_score"] > 0) & (all_cells["frequency_score"] > 0)
    cells = all_cells.loc[is_buyer].reset_index(drop=True)
    if cells.empty:
        return missing(
            "rfm-grid",
            title,
            say("No purchase has been scored yet.")
            + " "
            + edition.lacking(["fct_person_scores"]),
        )
    buyers = cells["person_count"].sum()
    others = all_cells["person_count"].sum() - buyers
    fullest = cells.loc[cells["person_count"].idxmax()]
    best_money = say.whole(cells["highest_monetary_score"].max())
    columns = (
        say("Recency score"),
        say("Frequency score"),
        say("Persons"),
        say("Mean monetary score"),
    )
    return Section(
        "rfm-grid",
        title,
        seen=say(
            "The fullest cell is recency {recency}, frequency {frequency}: {persons} "
            "persons, {share} of buyers.",
            recency=say.whole(fullest["recency_score"]),
            frequency=say.whole(fullest["frequency_score"]),
            persons=say.whole(fullest["person_count"]),
            share=say.percent(fullest["person_count"] / buyers),
        )
        + " "
        + (
            say(
                "{count} never bought and are outside the grid.",
                count=say.whole(others),
            )
            if others
            else say("Every person has bought at least once.")
        ),
        advice=say(
            "The aim is to move people up and to the right. Start at the upper left, "
            "who bought often but not lately: they are worth a win-back offer. At the "
            "lower right, suggest a second purchase."
        ),
        blocks=(
            Row(
                (
                    Figure(
                        "rfm-persons",
                        say("How many persons"),
                        say("Persons in each cell."),
                        charts.rfm_persons(cells, say).to_dict(validate=False),
                        ramp=Ramp(
                            say("none"), say.compact(cells["person_count"].max())
                        ),
                    ),
                    Figure(
                        "rfm-money",
                        say("How much they spend"),
                        say(
                            "Mean monetary score in each cell, from 1 to {best}.",
                            best=best_money,
                        ),
                        charts.rfm_money(cells, say).to_dict(validate=False),
                        ramp=Ramp("1", best_money),
                    ),
                )
            ),
            Table(
                say("The grid in figures"),
                columns,
                frozenset(columns),
                [
                    (
                        Cell(say.whole(row.recency_score)),
                        Cell(say.whole(row.frequency_score)),
                        Cell(say.whole(row.person_count)),
                        Cell(say.decimals(row.mean_monetary_score, 1)),
                    )
                    for row in cells[::-1].itertuples()
                ],
                is_folded=True,
            ),
        ),
    )


def lookup_section(edition: Edition) -> Section:
    """Let the reader find out where somebody would be tonight, and why."""
    say = edition.say
    title = say("Where would somebody be?")
    cells = cells_of(edition)
    edges = {
        score: edges_of(edition, variable) for score, (variable, _) in SCORED.items()
    }
    if not cells or not all(edges.values()):
        return missing(
            "lookup",
            title,
            say("Rules or edges are not known yet.")
            + " "
            + edition.lacking(["dim_segment_rules", "fct_thresholds"]),
        )
    names = {
        key: {
            "name": edition.name_of("rfm", key),
            "link": edition.link_to("rfm", key, ""),
        }
        for key in dict.fromkeys(cells.values())
    }
    ranges = {
        score: [
            range_words(edition, score, number, number)
            for number in range(1, len(edges[score]) + 2)
        ]
        for score in SCORED
    }
    return Section(
        "lookup",
        title,
        seen=say(
            "Enter what one person did; the answer follows from tonight’s edges and "
            "the rules below, as for everybody."
        ),
        blocks=(
            Lookup(
                {
                    "edges": edges,
                    "cells": cells,
                    "segments": names,
                    "ranges": ranges,
                    "answer": say("Tonight this person is in"),
                    "because": say("because of"),
                    "scores": {
                        "recency_score": say("Recency score"),
                        "frequency_score": say("Frequency score"),
                        "monetary_score": say("Monetary score"),
                    },
                },
            ),
        ),
    )


def scores_section(edition: Edition) -> Section:
    """Say what each score means tonight, in days, orders and money."""
    say = edition.say
    title = say("What a score means tonight")
    sizes = [len(edges_of(edition, variable)) + 1 for variable, _ in SCORED.values()]
    if max(sizes) == 1:
        return missing(
            "scores",
            title,
            say("No edge has been computed yet.")
            + " "
            + edition.lacking(["fct_thresholds"]),
        )
    columns = (say("Score"), say("Recency"), say("Frequency"), say("Money"))
    return Section(
        "scores",
        title,
        seen=say(
            "5 is best: bought most recently, most often, for most. Equal values "
            "always get equal scores."
        ),
        blocks=(
            Table(
                say("Scores in days, orders and money"),
                columns,
                frozenset(),
                [
                    (
                        Cell(say.whole(number)),
                        *(
                            Cell(
                                range_words(edition, score, number, number)
                                if number <= size
                                else ""
                            )
                            for score, size in zip(SCORED, sizes, strict=True)
                        ),
                    )
                    for number in range(max(sizes), 0, -1)
                ],
            ),
        ),
    )


def rules_section(edition: Edition) -> Section:
    """List the rules that turn scores into segments."""
    say = edition.say
    title = say("From scores to segments")
    rules = edition.marts.rules
    rules = rules.loc[
        (rules["segmentation"] == "rfm") & rules["variable"].isin(list(SCORED))
    ]
    if rules.empty:
        return missing("rules", title, edition.lacking(["dim_segment_rules"]))
    columns = (
        say("Segment"),
        say("Recency score"),
        say("Frequency score"),
        say("Monetary score"),
    )
    wide = rules.pivot(
        index=["priority", "segment_key"], columns="variable", values="value"
    ).reset_index()
    return Section(
        "rules",
        title,
        seen=say("Tried from top to bottom: the first line that holds wins."),
        blocks=(
            Table(
                say("Scores that make a segment"),
                columns,
                frozenset(columns[1:]),
                [
                    (
                        Cell(
                            edition.name_of("rfm", row["segment_key"]),
                            link=edition.link_to("rfm", row["segment_key"], ""),
                        ),
                        *(Cell(_span_words(say, row[score])) for score in SCORED),
                    )
                    for _, row in wide.iterrows()
                ],
            ),
        ),
    )


def _span_words(say: Language, value: str | None) -> str:
    if is_missing(value):
        return say("any")
    low, high = value.split("|")
    return low if low == high else say("{low} to {high}", low=low, high=high)


def _scope_words(say: Language, scope: str | None, value: str | None) -> str | None:
    """Tell whose edges they are; None for everybody together."""
    if is_missing(scope) or scope == "all":
        return None
    return say.pair(say.words(scope), say.words(value))


def thresholds_section(edition: Edition) -> Section:
    """List every edge between scores with how it was found."""
    say = edition.say
    title = say("All edges")
    thresholds = edition.marts.thresholds
    if thresholds.empty:
        return missing(
            "thresholds",
            title,
            say("No edge has been computed yet.")
            + " "
            + edition.lacking(["fct_thresholds"]),
        )
    sample = say("Sample")
    return Section(
        "thresholds",
        title,
        seen=say(
            "These edges gave the scores of {day}. They are computed anew each night, "
            "smoothed, and may move only so far.",
            day=say.day(thresholds["as_of_date"].iloc[0]),
        ),
        advice=say(
            "If an edge makes no sense in your trade, say so before the campaign goes "
            "out."
        ),
        blocks=(
            Table(
                say("Edges between scores"),
                (say("Variable"), say("Edges"), sample, say("Method and reason")),
                frozenset({sample}),
                [
                    (
                        Cell(
                            say.words(row.variable),
                            _scope_words(say, row.scope, row.scope_value),
                        ),
                        Cell(
                            " · ".join(say.plain(edge) for edge in row.edges)
                            if row.edges is not None and len(row.edges)
                            else say("none")
                        ),
                        Cell(say.whole(row.sample_size)),
                        Cell(
                            say.words(row.method),
                            None
                            if is_missing(row.reason)
                            else edition.reason(row.reason),
                        ),
                    )
                    for row in thresholds.itertuples()
                ],
            ),
        ),
    )
