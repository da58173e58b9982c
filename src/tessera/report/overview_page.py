"""The first page: how many, what they bring, and who moved."""

from __future__ import annotations

import pandas as pd

from tessera.report import theme
from tessera.report.blocks import (
    Cell,
    Drawing,
    Fact,
    Facts,
    Page,
    Remark,
    Section,
    Table,
    missing,
)
from tessera.report.drawings import Flow, sankey
from tessera.report.edition import MONTH, NIGHT, Edition
from tessera.report.language import NOTHING, is_missing
from tessera.report.trends import rates_trend, segment_line

SHOWN_MOVES = 24
# Hennig (2007), cluster-wise assessment of cluster stability: Jaccard means.
TRUSTED_STABILITY = 0.6


def overview_page(edition: Edition) -> Page:
    """Write the overview."""
    say = edition.say
    return Page(
        "index.html",
        say("Audience overview"),
        say("Who your customers are, what they bring, and who moved."),
        [
            glance_section(edition),
            overview_movement_section(edition),
            *(
                segmentation_section(edition, segmentation, "")
                for segmentation in edition.segmentations
            ),
        ]
        if edition.segmentations
        else [
            missing(
                "segments",
                say("Segments"),
                say("No segment yet.") + " " + edition.lacking(["dim_segments"]),
            )
        ],
        place="overview",
        facts=_head_facts(edition),
    )


def movement_page(edition: Edition) -> Page:
    """Write who moved from where to where, for every way of dividing."""
    say = edition.say
    sections = [
        movement_section(edition, segmentation, "")
        for segmentation in edition.partitions
    ]
    return Page(
        "movement.html",
        say("Movement"),
        say("Who went from one segment to another, since last night and last month."),
        sections
        or [
            missing(
                "movement", say("Movement"), edition.lacking(["fct_segment_migrations"])
            )
        ],
        place="movement",
    )


def _head_facts(edition: Edition) -> tuple[Fact, ...]:
    say, marts = edition.say, edition.marts
    facts = [
        Fact(say("Persons"), say.whole(marts.person_count)),
        Fact(
            say("Revenue"),
            edition.amount(marts.revenue_amount),
            say("all purchases up to this night"),
        ),
        Fact(
            say("Segments in use"),
            say.whole((marts.segments["person_count"] > 0).sum()),
            say.many(
                "{count} way of dividing",
                "{count} ways of dividing",
                len(edition.segmentations),
            ),
        ),
    ]
    if len(marts.gates):
        passed = int(marts.gates["passed"].sum())
        facts.append(
            Fact(
                say("Checks passed"),
                say(
                    "{passed} of {all}",
                    passed=say.whole(passed),
                    all=say.whole(len(marts.gates)),
                ),
                link="quality.html#gates",
            )
        )
    return tuple(facts)


def glance_section(edition: Edition) -> Section:
    """Answer the first questions: who brings most, who grew, who shrank."""
    say = edition.say
    facts: list[Fact] = []
    for segmentation in edition.partitions[:2]:
        segments = edition.segments_of(segmentation)
        if segments["revenue_share"].fillna(0).sum() > 0:
            facts.append(_richest_fact(edition, segmentation, segments))
    for column, period in (
        ("night_change", say("since last night")),
        ("month_change", say("in 30 days")),
    ):
        facts += _change_facts(edition, column, period)
    known = edition.marts.segments["night_change"].notna().any()
    return Section(
        "glance",
        say("At a glance"),
        seen=say("The answers people open this report for.")
        if known
        else say(
            "This is the first night on record: growth and movement are told from the "
            "next one on."
        ),
        blocks=(Facts(tuple(facts)),) if facts else (),
    )


def _richest_fact(edition: Edition, segmentation: str, segments: pd.DataFrame) -> Fact:
    say = edition.say
    row = segments.loc[segments["revenue_share"].idxmax()]
    return Fact(
        say(
            "Brings most revenue ({segmentation})",
            segmentation=edition.title_of(segmentation),
        ),
        edition.name_of(segmentation, row["segment_key"]),
        say(
            "{revenue} of revenue from {persons} of persons",
            revenue=say.percent(row["revenue_share"], 0),
            persons=say.percent(row["person_share"], 0),
        ),
        edition.link_to(segmentation, row["segment_key"], ""),
    )


def _change_facts(edition: Edition, column: str, period: str) -> list[Fact]:
    """Tell the segment that grew most and the one that shrank most, of partitions."""
    say = edition.say
    segments = edition.marts.segments
    changed = segments.loc[(segments["kind"] == "partition") & segments[column].notna()]
    facts = []
    for label, best, sign in (
        (say("Grew most {period}", period=period), changed[column].max(), 1),
        (say("Shrank most {period}", period=period), changed[column].min(), -1),
    ):
        if changed.empty or best * sign <= 0:
            continue
        row = changed.loc[changed[column] == best].iloc[0]
        facts.append(
            Fact(
                label,
                edition.name_of(row["segmentation"], row["segment_key"]),
                say(
                    "{change} persons ({segmentation})",
                    change=say.signed(best),
                    segmentation=edition.title_of(row["segmentation"]),
                ),
                edition.link_to(row["segmentation"], row["segment_key"], ""),
            )
        )
    return facts


def overview_movement_section(edition: Edition) -> Section:
    """Draw who moved, by the way of dividing in which most people did."""
    busiest = max(
        edition.partitions,
        key=lambda name: (
            edition.moves_of(name, MONTH)["person_count"].sum(),
            edition.moves_of(name, NIGHT)["person_count"].sum(),
            -edition.partitions.index(name),
        ),
        default=None,
    )
    if busiest is None:
        return missing(
            "movement",
            edition.say("Who moved"),
            edition.lacking(["fct_segment_migrations"]),
        )
    return movement_section(edition, busiest, "", is_overview=True)


def movement_section(
    edition: Edition, segmentation: str, home: str, *, is_overview: bool = False
) -> Section:
    """Draw who went from which segment to which."""
    say = edition.say
    title = (
        say("Who moved: {segmentation}", segmentation=edition.title_of(segmentation))
        if is_overview
        else edition.title_of(segmentation)
    )
    section_id = "movement" if is_overview else f"movement-{segmentation}"
    night, month = (edition.moves_of(segmentation, name) for name in (NIGHT, MONTH))
    if night.empty and month.empty:
        is_known = len(edition.marts.migrations) > 0
        return missing(
            section_id,
            title,
            say("Nobody moved.")
            if is_known
            else say("No movement yet: it takes two nights.")
            + " "
            + edition.lacking(["fct_segment_migrations"]),
        )
    drawings = tuple(
        _movement_drawing(edition, segmentation, moves, period, home)
        for moves, period in (
            (night, say("Since last night")),
            (month, say("In 30 days")),
        )
        if len(moves)
    )
    persons = edition.segments_of(segmentation)["person_count"].sum()
    blocks: list = [*drawings, *rates_trend(edition, segmentation)]
    causes = edition.marts.causes
    causes = causes.loc[causes["segmentation"] == segmentation]
    if len(causes):
        blocks.append(_causes_remark(edition, causes))
    blocks.append(_moves_table(edition, segmentation, night, month, home))
    return Section(
        section_id,
        title,
        seen=say(
            "{night} of {persons} persons moved since last night, {month} in 30 days; "
            "who is new or gone counts too.",
            night=say.whole(night["person_count"].sum()),
            persons=say.whole(persons),
            month=say.whole(month["person_count"].sum()),
        ),
        advice=say(
            "A broad band is where a message pays: thank those who come up, and write "
            "to those who slip before they are gone."
        ),
        blocks=tuple(blocks),
    )


def _movement_drawing(
    edition: Edition, segmentation: str, moves: pd.DataFrame, period: str, home: str
) -> Drawing:
    say = edition.say
    largest = moves.nlargest(SHOWN_MOVES, "person_count")
    rest = moves["person_count"].sum() - largest["person_count"].sum()
    flows = [
        Flow(
            edition.end_of(segmentation, row.from_segment_key, home, is_start=True),
            edition.end_of(segmentation, row.to_segment_key, home, is_start=False),
            row.person_count,
            _move_words(edition, segmentation, row),
        )
        for row in largest.itertuples()
    ]
    caption = [
        say("Each band is people who went from the segment on the left to the right.")
    ]
    since = moves["since_on"].dropna()
    if len(since):
        caption.insert(
            0,
            say(
                "From {first} to {last}.",
                first=say.day(since.iloc[0]),
                last=say.day(edition.marts.as_of_date),
            ),
        )
    if rest > 0:
        caption.append(
            say.many(
                "{count} person more moved in smaller groups: they are in the table.",
                "{count} persons more moved in smaller groups: they are in the table.",
                rest,
            )
        )
    return Drawing(
        "sankey",
        period,
        " ".join(caption),
        say("Flows between segments")
        + ". "
        + ". ".join(
            _move_words(edition, segmentation, row)
            for row in largest.head(8).itertuples()
        ),
        sankey(flows, say.whole),
    )


def _move_words(edition: Edition, segmentation: str, row) -> str:
    say = edition.say
    return say.many(
        "{count} person from {start} to {goal}",
        "{count} persons from {start} to {goal}",
        row.person_count,
        start=say.quoted(
            edition.name_of(segmentation, row.from_segment_key, say("New here"))
        ),
        goal=say.quoted(edition.name_of(segmentation, row.to_segment_key, say("Gone"))),
    )


def cause_words(edition: Edition) -> dict[str, str]:
    """Say why people move, by the cause that the warehouse names."""
    say = edition.say
    return {
        "behaviour": say("they did, or did not do, something"),
        "model": say("the model was fitted anew, or a rule changed"),
        "threshold": say("thresholds moved"),
        "identity": say(
            "they are new or gone, or their records were put together anew"
        ),
    }


def _causes_remark(edition: Edition, causes: pd.DataFrame) -> Remark:
    say = edition.say
    everyone = sum(causes[cause].sum() for cause in cause_words(edition))
    return Remark(
        say("Why they moved last night:"),
        tuple(
            say.pair(words, say.percent(causes[cause].sum() / everyone, 0))
            for cause, words in cause_words(edition).items()
            if causes[cause].sum() > 0
        ),
    )


def _moves_table(
    edition: Edition,
    segmentation: str,
    night: pd.DataFrame,
    month: pd.DataFrame,
    home: str,
) -> Table:
    say = edition.say
    pair = ["from_segment_key", "to_segment_key"]
    both = (
        night[[*pair, "person_count"]]
        .merge(
            month[[*pair, "person_count"]],
            on=pair,
            how="outer",
            suffixes=("_night", "_month"),
        )
        .fillna({"person_count_night": 0, "person_count_month": 0})
        .sort_values(
            ["person_count_month", "person_count_night", *pair],
            ascending=[False, False, True, True],
        )
    )
    columns = (say("From"), say("To"), say("Since last night"), say("In 30 days"))
    return Table(
        say("All moves in figures"),
        columns,
        frozenset(columns[2:]),
        [
            (
                Cell(
                    edition.name_of(segmentation, row.from_segment_key, say("New here"))
                ),
                Cell(
                    edition.name_of(segmentation, row.to_segment_key, say("Gone")),
                    link=edition.link_to(segmentation, row.to_segment_key, home),
                ),
                Cell(say.whole(row.person_count_night)),
                Cell(say.whole(row.person_count_month)),
            )
            for row in both.itertuples()
        ],
        is_folded=True,
    )


def segmentation_section(edition: Edition, segmentation: str, home: str) -> Section:
    """List the segments of one way of dividing with what they bring."""
    say = edition.say
    segments = edition.segments_of(segmentation)
    used = segments.loc[segments["person_count"] > 0]
    empty = segments.loc[segments["person_count"] == 0]
    blocks: list = []
    if len(used):
        blocks.append(_segments_table(edition, segmentation, used, home))
    if len(empty):
        blocks.append(
            Remark(
                say(
                    "Nobody is in: {names}.",
                    names=say.listing(
                        [
                            edition.name_of(segmentation, key)
                            for key in empty["segment_key"]
                        ]
                    ),
                )
            )
        )
    return Section(
        f"segments-{segmentation}",
        edition.title_of(segmentation),
        seen=_segmentation_seen(edition, segmentation, used),
        advice=_segmentation_advice(edition, segmentation, used),
        blocks=tuple(blocks),
    )


def _segmentation_seen(
    edition: Edition, segmentation: str, segments: pd.DataFrame
) -> str:
    say = edition.say
    words = [edition.purpose_of(segmentation)]
    if segments.empty:
        words.append(say("Nobody is in any of its segments tonight."))
    elif segments["revenue_share"].fillna(0).sum() > 0:
        richest = segments.loc[segments["revenue_share"].idxmax()]
        words.append(
            say(
                "{name} brings {revenue} of revenue with {persons} of persons.",
                name=say.quoted(edition.name_of(segmentation, richest["segment_key"])),
                revenue=say.percent(richest["revenue_share"]),
                persons=say.percent(richest["person_share"]),
            )
        )
    if len(segments) and segments["kind"].iloc[0] == "overlap":
        words.append(say("A person may be in several of these, or in none."))
    return " ".join(word for word in words if word)


def _segmentation_advice(
    edition: Edition, segmentation: str, segments: pd.DataFrame
) -> str:
    say = edition.say
    shaky = segments.loc[segments["stability"] < TRUSTED_STABILITY, "segment_key"]
    if len(shaky):
        return say(
            "Plan no lasting campaign on {names} yet: another sample of the same "
            "people would draw it differently.",
            names=say.listing(
                [say.quoted(edition.name_of(segmentation, key)) for key in shaky]
            ),
        )
    if segmentation == "rfm" and len(segments):
        return say(
            "Where the revenue bar is longer than the persons bar, spend on keeping "
            "people; where it is shorter, keep the contact cheap."
        )
    return ""


def _segments_table(
    edition: Edition, segmentation: str, segments: pd.DataFrame, home: str
) -> Table:
    say = edition.say
    name, persons, revenue, night, month, trend, stability = (
        say("Segment"),
        say("Persons"),
        say("Revenue"),
        say("Last night"),
        say("30 days"),
        say("Trend"),
        say("Stability"),
    )
    has_change = segments["night_change"].notna().any()
    has_month = segments["month_change"].notna().any()
    lines = {
        key: segment_line(edition, segmentation, key) for key in segments["segment_key"]
    }
    has_line = any(line is not None for line in lines.values())
    has_stability = segments["stability"].notna().any()
    extra = ((night, has_change), (month, has_month), (trend, has_line))
    columns = [
        name,
        persons,
        revenue,
        *(column for column, is_told in extra if is_told),
    ]
    if has_stability:
        columns.append(stability)
    longest = max(segments["person_share"].max(), segments["revenue_share"].max()) or 1

    def cells(row) -> tuple[Cell, ...]:
        made = [
            Cell(
                edition.name_of(segmentation, row.segment_key),
                edition.description_of(row),
                edition.link_to(segmentation, row.segment_key, home),
            ),
            Cell(
                say.percent(row.person_share),
                say.whole(row.person_count),
                bar=row.person_share / longest,
            ),
            Cell(
                say.percent(row.revenue_share),
                edition.amount(row.revenue_amount),
                bar=None
                if is_missing(row.revenue_share)
                else row.revenue_share / longest,
                bar_colour=theme.REVENUE,
            ),
        ]
        if has_change:
            made.append(Cell(say.signed(row.night_change)))
        if has_month:
            made.append(Cell(say.signed(row.month_change)))
        if has_line:
            made.append(Cell("", line=lines[row.segment_key]))
        if has_stability:
            made.append(
                Cell(
                    say.decimals(row.stability),
                    stability_word(edition, row.stability),
                )
            )
        return tuple(made)

    return Table(
        say("{segmentation} segments", segmentation=edition.title_of(segmentation)),
        tuple(columns),
        frozenset(columns) - {name, trend},
        [cells(row) for row in segments.itertuples()],
    )


def stability_word(edition: Edition, stability: float | None) -> str | None:
    """Judge a segment's stability, after Hennig's bounds."""
    say = edition.say
    if is_missing(stability) or stability == NOTHING:
        return None
    bounds = (
        (0.85, say("very stable")),
        (0.75, say("stable")),
        (TRUSTED_STABILITY, say("a tendency")),
    )
    return next((word for least, word in bounds if stability >= least), say("unstable"))
