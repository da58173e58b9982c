"""Whether the data can be trusted: what came in, was refused, and who is one person."""

from __future__ import annotations

import pandas as pd

from tessera.report.blocks import Cell, Fact, Page, Remark, Section, Table, missing
from tessera.report.edition import Edition
from tessera.report.language import Foreign, is_missing


def quality_page(edition: Edition) -> Page:
    """Write the data-quality page."""
    say = edition.say
    return Page(
        "quality.html",
        say("Data quality"),
        say("What came in, what was refused and why, and who is one person."),
        [
            gates_section(edition),
            reconciliation_section(edition),
            quarantine_section(edition),
            identity_section(edition),
            enrichment_section(edition),
        ],
        place="quality",
        facts=_facts(edition),
    )


def _facts(edition: Edition) -> tuple[Fact, ...]:
    say, marts = edition.say, edition.marts
    facts = []
    if len(marts.reconciliation):
        rows_in = int(marts.reconciliation["rows_in"].sum())
        kept = int(marts.reconciliation["kept"].sum())
        facts += [
            Fact(say("Rows in"), say.compact(rows_in)),
            Fact(
                say("Kept"),
                say.percent(kept / rows_in if rows_in else None),
                link="#reconciliation",
            ),
            Fact(
                say("In quarantine"),
                say.whole(marts.reconciliation["quarantined"].sum()),
                link="#quarantine",
            ),
        ]
    if len(marts.match_rates):
        facts.append(
            Fact(
                say("Open questions"),
                say.whole(marts.review_counts["review_count"].sum()),
                link="#identity",
            )
        )
    return tuple(facts)


def gates_section(edition: Edition) -> Section:
    """List every check, the failed ones first."""
    say = edition.say
    title = say("May the night be published?")
    gates = edition.marts.gates
    if gates.empty:
        return missing("gates", title, edition.lacking(["fct_gate_results"]))
    failed = gates.loc[~gates["passed"].astype(bool)]
    blocked = failed.loc[failed["is_blocking"].astype(bool)]
    check, result, figure, limit = (
        say("Check"),
        say("Result"),
        say("Figure"),
        say("Limit"),
    )

    def verdict(gate) -> Cell:
        if gate.passed:
            return Cell(say("passed"), tone="good")
        if gate.is_blocking:
            return Cell(say("failed"), say("holds back publication"), tone="bad")
        return Cell(say("warning"), say("published all the same"), tone="bad")

    def row(gate) -> tuple[Cell, ...]:
        write = say.percent if gate.gate.endswith("_share") else say.plain
        return (
            Cell(say.words(gate.gate), _subject_words(edition, gate.subject)),
            verdict(gate),
            Cell(write(gate.figure)),
            Cell(write(gate.limit_value)),
            Cell(edition.reason(gate.reason)),
        )

    columns = (check, result, figure, limit, say("Reason"))
    numeric = frozenset({figure, limit})
    passed = gates.loc[gates["passed"].astype(bool)]
    tables = []
    if len(failed):
        tables.append(
            Table(
                say("Checks that did not pass"),
                columns,
                numeric,
                [row(gate) for gate in failed.itertuples()],
            )
        )
    if len(passed):
        tables.append(
            Table(
                say("Checks that passed"),
                columns,
                numeric,
                [row(gate) for gate in passed.itertuples()],
                is_folded=True,
            )
        )
    return Section(
        "gates",
        title,
        seen=say(
            "{passed} of {all} checks passed.",
            passed=say.whole(len(passed)),
            all=say.whole(len(gates)),
        )
        + " "
        + (
            say.many(
                "{count} check holds back publication; readers keep the night before.",
                "{count} checks hold back publication; readers keep the night before.",
                len(blocked),
            )
            if len(blocked)
            else say("Nothing holds back publication.")
        ),
        advice=say("Look at the warnings before a campaign goes out.")
        if len(failed)
        else "",
        blocks=tuple(tables),
    )


def _subject_words(edition: Edition, subject: str) -> str:
    """Name what a gate looks at: a way of dividing, a source, or a table as it is."""
    if subject in edition.segmentations:
        return edition.title_of(subject)
    words = edition.say.words(subject)
    is_table = "." in subject or "_" in subject or isinstance(words, Foreign)
    return subject if is_table else words


def reconciliation_section(edition: Edition) -> Section:
    """Tell what became of every row that came in."""
    say = edition.say
    title = say("Did every row arrive?")
    loads = edition.marts.reconciliation
    if loads.empty:
        return missing(
            "reconciliation",
            title,
            say("No load has been recorded yet.")
            + " "
            + edition.lacking(["fct_load_reconciliation"]),
        )
    held = loads[["kept", "duplicates", "quarantined"]].sum(axis="columns")
    loads = loads.assign(unaccounted=loads["rows_in"] - held)
    totals = loads[["rows_in", "kept", "duplicates", "quarantined"]].sum()
    lost = int(loads["unaccounted"].abs().sum())
    name, *figures = (
        say("Source and table"),
        say("Rows in"),
        say("Kept"),
        say("Duplicates"),
        say("Quarantined"),
    )
    return Section(
        "reconciliation",
        title,
        seen=say(
            "{share} of {rows} rows were kept; {duplicates} are duplicates and "
            "{quarantined} in quarantine.",
            share=say.percent(totals.kept / totals.rows_in if totals.rows_in else None),
            rows=say.whole(totals.rows_in),
            duplicates=say.whole(totals.duplicates),
            quarantined=say.whole(totals.quarantined),
        )
        + " "
        + (
            say.many(
                "{count} row cannot be accounted for.",
                "{count} rows cannot be accounted for.",
                lost,
            )
            if lost
            else say("Every row is accounted for.")
        ),
        blocks=(
            Table(
                say("Rows in, kept and set aside, all loads together"),
                (name, *figures),
                frozenset(figures),
                [
                    (
                        Cell(
                            f"{row.source_name}.{row.table_name}",
                            say("last loaded {day}", day=say.day(row.last_loaded_on)),
                        ),
                        Cell(
                            say.whole(row.rows_in),
                            say(
                                "{count} unaccounted for",
                                count=say.whole(row.unaccounted),
                            )
                            if row.unaccounted
                            else None,
                        ),
                        Cell(
                            say.whole(row.kept),
                            bar=row.kept / row.rows_in if row.rows_in else None,
                        ),
                        Cell(say.whole(row.duplicates)),
                        Cell(say.whole(row.quarantined)),
                    )
                    for row in loads.itertuples()
                ],
            ),
        ),
    )


def quarantine_section(edition: Edition) -> Section:
    """List what was refused or left blank, and by which rule."""
    say, marts = edition.say, edition.marts
    title = say("What was refused, and why")
    if marts.quarantine.empty and marts.blanked.empty:
        if "fct_quarantined_rows" in marts.absent:
            return missing(
                "quarantine", title, edition.lacking(["fct_quarantined_rows"])
            )
        return Section(
            "quarantine",
            title,
            seen=say("Nothing was refused: there is nothing to mend."),
        )
    blocks = []
    if len(marts.quarantine):
        blocks.append(_quarantine_table(edition))
    if len(marts.blanked):
        blocks.append(_blanked_table(edition))
    return Section(
        "quarantine",
        title,
        seen=_quarantine_seen(edition),
        advice=say(
            "Mend it at the source, or export the rows with “tessera quarantine "
            "export”, correct them and replay them."
        ),
        blocks=tuple(blocks),
    )


def _quarantine_seen(edition: Edition) -> str:
    say, quarantine = edition.say, edition.marts.quarantine
    if quarantine.empty:
        return say("No row was refused; some values could not be read.")
    first = quarantine.iloc[0]
    return say(
        "Most is refused by the rule {rule} in {table}: {rows} rows.",
        rule=say.quoted(say.words(first["rule"])),
        table=f"{first['source_name']}.{first['table_name']}",
        rows=say.whole(first["row_count"]),
    )


def _quarantine_table(edition: Edition) -> Table:
    say = edition.say
    rows = say("Rows")
    most = edition.marts.quarantine["row_count"].max()
    return Table(
        say("Rows in quarantine by rule"),
        (say("Rule"), say("Where"), rows, say("Reason")),
        frozenset({rows}),
        [
            (
                Cell(say.words(row.rule)),
                Cell(
                    f"{row.source_name}.{row.table_name}",
                    None if is_missing(row.column_name) else row.column_name,
                ),
                Cell(say.whole(row.row_count), bar=row.row_count / most),
                Cell(
                    say(
                        "{count} different reasons",
                        count=say.whole(row.reason_count),
                    )
                    if row.reason_count > 1
                    else ("" if is_missing(row.reason) else edition.reason(row.reason))
                ),
            )
            for row in edition.marts.quarantine.itertuples()
        ],
    )


def _blanked_table(edition: Edition) -> Table:
    say = edition.say
    given, blank = say("Given"), say("Left blank")
    return Table(
        say("Values nobody can read, left blank in rows that are kept"),
        (say("Column"), given, blank, say("Reason")),
        frozenset({given, blank}),
        [
            (
                Cell(
                    row.column_name,
                    f"{row.source_name}.{row.table_name}",
                ),
                Cell(say.whole(row.given_count)),
                Cell(
                    say.whole(row.blanked_count),
                    say.percent(row.blanked_count / row.given_count),
                ),
                Cell(
                    edition.reason(row.reason),
                    say(
                        "such as row {number} of {file}",
                        number=say.whole(row.row_number),
                        file=row.file_name,
                    ),
                ),
            )
            for row in edition.marts.blanked.itertuples()
        ],
    )


def identity_section(edition: Edition) -> Section:
    """Tell how well profiles are tied to persons, and what is left to ask."""
    say, marts = edition.say, edition.marts
    title = say("Who is one person?")
    if marts.match_rates.empty:
        return missing(
            "identity",
            title,
            say("No profile has been tied to a person yet.")
            + " "
            + edition.lacking(["fct_identity_match_rates"]),
        )
    everything = marts.match_rates.iloc[0]
    waiting = int(marts.review_counts["review_count"].sum())
    undecidable = int(marts.review_counts["undecidable_count"].sum())
    days = everything["median_days_to_resolve"]
    blocks: list = [_match_rates_table(edition)]
    if waiting:
        blocks.append(
            Remark(
                say("In the queue:"),
                tuple(
                    say.pair(say.words(row.review_kind), say.whole(row.review_count))
                    + f" ({edition.reason(row.what_to_do)})"
                    for row in marts.review_counts.itertuples()
                    if row.review_count
                ),
            )
        )
        blocks.append(_reviews_table(edition, waiting))
    return Section(
        "identity",
        title,
        seen=say(
            "On {day} {profiles} profiles of all sources are {persons} persons; "
            "{share} of profiles are tied to another source.",
            day=say.day(everything["as_of_date"]),
            profiles=say.whole(everything["profile_count"]),
            persons=say.whole(everything["person_count"]),
            share=say.percent(everything["linked_share"]),
        )
        + (
            ""
            if is_missing(days)
            else " " + say("Half of them on the day of their first sight.")
            if round(days) == 0
            else " "
            + say.many(
                "Half of them within {count} day of their first sight.",
                "Half of them within {count} days of their first sight.",
                round(days),
            )
        )
        + " "
        + (
            say.many(
                "{count} question waits for an answer.",
                "{count} questions wait for an answer.",
                waiting,
            )
            if waiting
            else say("No question waits for an answer.")
        )
        + (
            " "
            + say.many(
                "{count} pair more agrees in names only, which are those of namesakes "
                "too: nobody can tell, and nobody is asked.",
                "{count} pairs more agree in names only, which are those of namesakes "
                "too: nobody can tell, and nobody is asked.",
                undecidable,
            )
            if undecidable
            else ""
        ),
        advice=say(
            "“tessera identity reviews --out reviews.csv” writes the questions with "
            "names and addresses beside; write same or different, then take them in "
            "with “tessera identity answer reviews.csv”."
        )
        if waiting
        else "",
        blocks=tuple(blocks),
    )


def _match_rates_table(edition: Edition) -> Table:
    say = edition.say
    figures = (
        say("Profiles"),
        say("Persons"),
        say("In another source"),
        say("In the CRM"),
        say("Median days"),
    )
    return Table(
        say("Profiles tied to persons, by source"),
        (say("Source"), *figures),
        frozenset(figures),
        [
            (
                Cell(
                    say("All sources")
                    if row.source_name == "all"
                    else say.words(row.source_name)
                ),
                Cell(say.whole(row.profile_count)),
                Cell(say.whole(row.person_count)),
                Cell(say.percent(row.linked_share), bar=_share(row.linked_share)),
                Cell(say.percent(row.crm_share), bar=_share(row.crm_share)),
                Cell(
                    say("none known")
                    if is_missing(row.median_days_to_resolve)
                    else say.plain(row.median_days_to_resolve)
                ),
            )
            for row in edition.marts.match_rates.itertuples()
        ],
    )


def _share(value: float | None) -> float | None:
    return None if is_missing(value) else float(value)


def _reviews_table(edition: Edition, waiting: int) -> Table:
    say, reviews = edition.say, edition.marts.reviews
    probability = say("Probability")
    return Table(
        say("Questions about identity")
        if waiting == len(reviews)
        else say("Questions about identity, the first {count}", count=len(reviews)),
        (
            say("Question"),
            say("Profiles"),
            say("What speaks for it and against"),
            probability,
        ),
        frozenset({probability}),
        [
            (
                Cell(say.words(row.review_kind)),
                Cell(
                    "" if is_missing(row.left_profile) else row.left_profile,
                    None if is_missing(row.right_profile) else row.right_profile,
                ),
                Cell(
                    "" if is_missing(row.evidence) else edition.reason(row.evidence),
                    say("{count} found", count=say.whole(row.profile_count))
                    if is_missing(row.right_profile)
                    else None,
                ),
                Cell(
                    ""
                    if is_missing(row.match_probability)
                    else say.percent(row.match_probability)
                ),
            )
            for row in reviews.itertuples()
        ],
        is_folded=True,
    )


def enrichment_section(edition: Edition) -> Section:
    """Tell how many persons other data knew."""
    say = edition.say
    title = say("Whom other data know")
    enrichments = edition.marts.enrichments
    if enrichments.empty:
        return missing(
            "enrichments", title, edition.lacking(["fct_enrichment_match_rates"])
        )
    names = {
        "area": (say("Public figures of the home"), say("by postcode and town")),
        "partner": (say("Partner’s attributes"), say("by hashed e-mail")),
        "survey": (say("Survey answers"), say("by e-mail")),
    }
    figures = (say("Persons"), say("With a key"), say("Found"), say("Ambiguous"))
    return Section(
        "enrichments",
        title,
        seen=_enrichment_seen(edition, enrichments, names),
        blocks=(
            Table(
                say("Persons found in other data"),
                (say("Data"), *figures),
                frozenset(figures),
                [
                    (
                        Cell(*names.get(row.enrichment, (say.words(row.enrichment),))),
                        Cell(say.whole(row.person_count)),
                        Cell(say.whole(row.keyed_count)),
                        Cell(
                            say.whole(row.matched_count),
                            say(
                                "{share} of persons",
                                share=say.percent(row.matched_share),
                            ),
                            bar=_share(row.matched_share),
                        ),
                        Cell(say.whole(row.ambiguous_count)),
                    )
                    for row in enrichments.itertuples()
                ],
            ),
        ),
    )


def _enrichment_seen(
    edition: Edition,
    enrichments: pd.DataFrame,
    names: dict[str, tuple[str, str]],
) -> str:
    say = edition.say
    best = enrichments.loc[enrichments["matched_share"].fillna(0).idxmax()]
    if not best["matched_count"]:
        return say("No other data knew anybody on this night.")
    told = names.get(best["enrichment"], (say.words(best["enrichment"]),))[0]
    return say(
        "{data} reached most: {share} of persons.",
        data=told,
        share=say.percent(best["matched_share"]),
    )
