"""Where the scores change, who is one person, and whether data can be trusted."""

from __future__ import annotations

import pandas as pd

from tessera.report.blocks import Cell, Section, Table, missing
from tessera.report.formats import (
    counted,
    day,
    percent,
    plain,
    text_or_none,
    whole,
    words,
)


def thresholds_section(thresholds: pd.DataFrame) -> Section:
    """Where one score ends and the next begins."""
    section_id, title = "thresholds", "Where the scores change"
    if thresholds.empty:
        return missing(
            section_id,
            title,
            "No edge has been computed yet: marts.fct_thresholds is empty. It fills "
            "with the first night that has purchases.",
        )
    as_of_date = thresholds["as_of_date"].iloc[0]
    return Section(
        section_id,
        title,
        seen=f"These edges gave the scores of {day(as_of_date)}: a person's value is "
        "compared with them, and equal values always get equal scores. The most "
        "recent buyers have the highest recency score.",
        advice="Use them to explain a score to a colleague. If an edge makes no sense "
        "in your trade, say so before the campaign goes out.",
        tables=(
            Table(
                "Edges between scores",
                ("Variable", "Edges", "Sample", "Method and reason"),
                frozenset({"Sample"}),
                [
                    (
                        Cell(
                            row.variable.replace("_", " ").capitalize(),
                            None
                            if pd.isna(row.scope) or row.scope == "all"
                            else f"{row.scope}: {row.scope_value}".replace("_", " "),
                        ),
                        Cell(
                            " · ".join(plain(edge) for edge in row.edges)
                            if row.edges is not None and len(row.edges)
                            else "none"
                        ),
                        Cell(whole(row.sample_size)),
                        Cell(words(row.method), text_or_none(row.reason)),
                    )
                    for row in thresholds.itertuples()
                ],
            ),
        ),
    )


# What an enrichment joins by which key, for readers.
ENRICHMENTS = {
    "area": ("Public figures of the home", "by postcode and town"),
    "partner": ("Partner's attributes", "by hashed e-mail"),
    "survey": ("Survey answers", "by e-mail"),
}


def identity_section(
    match_rates: pd.DataFrame, review_counts: pd.DataFrame, reviews: pd.DataFrame
) -> Section:
    """How well profiles are tied to persons, and what is left to ask."""
    section_id, title = "identity", "Who is one person?"
    if match_rates.empty:
        return missing(
            section_id,
            title,
            "No profile has been tied to a person yet: marts.fct_identity_match_rates "
            "and marts.fct_identity_reviews are empty. They fill with the first night "
            "that has records of people.",
        )
    everything = match_rates.iloc[0]
    waiting = int(review_counts["review_count"].sum())
    days = everything["median_days_to_resolve"]
    tables = [_match_rate_table(match_rates)]
    if waiting:
        tables.append(_reviews_table(reviews, waiting))
    return Section(
        section_id,
        title,
        seen=f"On {day(everything['as_of_date'])} "
        f"{counted(everything['profile_count'], 'profile')} of all sources are "
        f"{counted(everything['person_count'], 'person')}; "
        f"{percent(everything['linked_share'])} of profiles are tied to another source"
        + (
            ". "
            if pd.isna(days)
            else f", half of them within {counted(round(days), 'day')} of their first "
            "sight. "
        )
        + (
            f"{counted(waiting, 'question')} wait for an answer."
            if waiting
            else "No question waits for an answer."
        ),
        advice=_identity_advice(review_counts),
        tables=tuple(tables),
    )


def _match_rate_table(match_rates: pd.DataFrame) -> Table:
    figures = ("Profiles", "Persons", "In another source", "In the CRM", "Median days")
    return Table(
        "Profiles tied to persons, by source",
        ("Source", *figures),
        frozenset(figures),
        [
            (
                Cell(words(row.source_name)),
                Cell(whole(row.profile_count)),
                Cell(whole(row.person_count)),
                Cell(percent(row.linked_share)),
                Cell(percent(row.crm_share)),
                Cell(
                    "none known"
                    if pd.isna(row.median_days_to_resolve)
                    else plain(row.median_days_to_resolve)
                ),
            )
            for row in match_rates.itertuples()
        ],
    )


def _reviews_table(reviews: pd.DataFrame, waiting: int) -> Table:
    shown = "" if waiting == len(reviews) else f", the first {len(reviews)}"
    return Table(
        f"Questions about identity{shown}",
        ("Question", "Profiles", "What speaks for it and against", "Probability"),
        frozenset({"Probability"}),
        [
            (
                Cell(words(row.review_kind)),
                Cell(row.left_profile, text_or_none(row.right_profile)),
                Cell(
                    text_or_none(row.evidence) or "",
                    f"{whole(row.profile_count)} found"
                    if text_or_none(row.right_profile) is None
                    else None,
                ),
                Cell(
                    ""
                    if pd.isna(row.match_probability)
                    else percent(row.match_probability)
                ),
            )
            for row in reviews.itertuples()
        ],
        is_folded=True,
    )


def _identity_advice(review_counts: pd.DataFrame) -> str:
    if review_counts.empty:
        return "Nothing is asked of you."
    kinds = ", ".join(
        f"{words(row.review_kind).lower()} {whole(row.review_count)} ({row.what_to_do})"
        for row in review_counts.itertuples()
    )
    return (
        f"In the queue: {kinds}. “tessera identity reviews --out reviews.csv” writes "
        "it with names and addresses beside; write same or different, then take it in "
        "with “tessera identity answer reviews.csv”."
    )


def quality_section(
    reconciliation: pd.DataFrame,
    quarantine: pd.DataFrame,
    blanked: pd.DataFrame,
    enrichments: pd.DataFrame,
) -> Section:
    """Rows that came in, what was kept, refused or lost, and whom other data know."""
    section_id, title = "quality", "Can the data be trusted?"
    tables = []
    if len(reconciliation):
        tables.append(_reconciliation_table(reconciliation))
    if len(quarantine):
        tables.append(_quarantine_table(quarantine))
    if len(blanked):
        tables.append(_blanked_table(blanked))
    if len(enrichments):
        tables.append(_enrichments_table(enrichments))
    if not tables:
        return missing(
            section_id,
            title,
            "No load has been recorded yet: marts.fct_load_reconciliation, "
            "marts.fct_quarantined_rows, marts.fct_blanked_values and "
            "marts.fct_enrichment_match_rates are empty. Put files in the lake and "
            "build.",
        )
    return Section(
        section_id,
        title,
        seen=_quality_seen(reconciliation),
        advice=_quality_advice(quarantine),
        tables=tuple(tables),
    )


def _unaccounted(reconciliation: pd.DataFrame) -> pd.Series:
    held = reconciliation[["kept", "duplicates", "quarantined"]].sum(axis="columns")
    return reconciliation["rows_in"] - held


def _reconciliation_table(reconciliation: pd.DataFrame) -> Table:
    figures = ("Rows in", "Kept", "Duplicates", "Quarantined")
    return Table(
        "Rows in, kept and set aside, all loads together",
        ("Source and table", *figures),
        frozenset(figures),
        [
            (
                Cell(
                    f"{row.source_name} {words(row.table_name).lower()}",
                    f"last loaded {day(row.last_loaded_on)}",
                ),
                Cell(
                    whole(row.rows_in),
                    f"{whole(row.unaccounted)} unaccounted for"
                    if row.unaccounted
                    else None,
                ),
                Cell(whole(row.kept)),
                Cell(whole(row.duplicates)),
                Cell(whole(row.quarantined)),
            )
            for row in reconciliation.assign(
                unaccounted=_unaccounted(reconciliation)
            ).itertuples()
        ],
    )


def _quarantine_table(quarantine: pd.DataFrame) -> Table:
    return Table(
        "Rows in quarantine by rule",
        ("Rule", "Where", "Rows", "Reason"),
        frozenset({"Rows"}),
        [
            (
                Cell(words(row.rule)),
                Cell(
                    f"{row.source_name} {words(row.table_name).lower()}",
                    text_or_none(row.column_name),
                ),
                Cell(whole(row.row_count)),
                Cell(
                    f"{row.reason_count} different reasons"
                    if row.reason_count > 1
                    else text_or_none(row.reason) or ""
                ),
            )
            for row in quarantine.itertuples()
        ],
    )


def _blanked_table(blanked: pd.DataFrame) -> Table:
    return Table(
        "Values nobody can read, left blank in rows that are kept",
        ("Column", "Given", "Blank", "Reason"),
        frozenset({"Given", "Blank"}),
        [
            (
                Cell(
                    words(row.column_name),
                    f"{row.source_name} {words(row.table_name).lower()}",
                ),
                Cell(whole(row.given_count)),
                Cell(
                    whole(row.blanked_count),
                    percent(row.blanked_count / row.given_count),
                ),
                Cell(
                    row.reason,
                    f"such as row {whole(row.row_number)} of {row.file_name}",
                ),
            )
            for row in blanked.itertuples()
        ],
    )


def _enrichments_table(enrichments: pd.DataFrame) -> Table:
    figures = ("Persons", "With a key", "Found", "Ambiguous")
    return Table(
        "Persons found in other data",
        ("Data", *figures),
        frozenset(figures),
        [
            (
                Cell(*ENRICHMENTS.get(row.enrichment, (words(row.enrichment),))),
                Cell(whole(row.person_count)),
                Cell(whole(row.keyed_count)),
                Cell(
                    whole(row.matched_count), f"{percent(row.matched_share)} of persons"
                ),
                Cell(whole(row.ambiguous_count)),
            )
            for row in enrichments.itertuples()
        ],
    )


def _quality_seen(reconciliation: pd.DataFrame) -> str:
    if reconciliation.empty:
        return "No load was reconciled."
    totals = reconciliation[["rows_in", "kept", "duplicates", "quarantined"]].sum()
    lost = int(_unaccounted(reconciliation).abs().sum())
    if totals.rows_in == 0:
        return "Loads were recorded, but no row came in."
    return (
        f"{percent(totals.kept / totals.rows_in)} of "
        f"{counted(totals.rows_in, 'row')} were kept; "
        f"{counted(totals.duplicates, 'duplicate')} and {whole(totals.quarantined)} in "
        "quarantine. "
        + (
            f"{counted(lost, 'row')} cannot be accounted for."
            if lost
            else "Every row is accounted for."
        )
    )


def _quality_advice(quarantine: pd.DataFrame) -> str:
    if quarantine.empty:
        return "Nothing was refused: there is nothing to mend."
    first = quarantine.iloc[0]
    return (
        f"Start where most is refused: “{words(first['rule']).lower()}” in "
        f"{first['source_name']} {words(first['table_name']).lower()}, "
        f"{counted(first['row_count'], 'row')}. Mend it at the source; the rows come "
        "in with the next load."
    )
