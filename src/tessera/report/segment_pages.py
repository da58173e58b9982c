"""One page a segment: who they are, what sets them apart, and where they go."""

from __future__ import annotations

import math

import pandas as pd

from tessera.report import theme
from tessera.report.axes import axis_title
from tessera.report.blocks import (
    Cell,
    Drawing,
    Fact,
    Page,
    Persona,
    Remark,
    Row,
    Section,
    Table,
    missing,
)
from tessera.report.conditions import (
    SCORED,
    alternatives,
    edges_of,
    range_words,
)
from tessera.report.drawings import End, Flow, sankey
from tessera.report.edition import MONTH, NIGHT, Edition
from tessera.report.language import NOTHING, Foreign, is_missing
from tessera.report.overview_page import cause_words, stability_word
from tessera.report.trends import nightly_sizes, sizes_trend

HOME = "../"
SHOWN_TRAITS = 15
SHOWN_ENDS = 7


def segment_pages(edition: Edition) -> list[Page]:
    """Write the page of every segment."""
    return [segment_page(edition, row) for row in edition.marts.segments.itertuples()]


def segment_page(edition: Edition, row) -> Page:
    """Write one segment's page."""
    say = edition.say
    return Page(
        edition.paths[row.segmentation, row.segment_key],
        edition.name_of(row.segmentation, row.segment_key),
        edition.description_of(row),
        [
            persona_section(edition, row),
            definition_section(edition, row),
            *example_sections(edition, row),
            traits_section(edition, row),
            trend_section(edition, row),
            flows_section(edition, row),
        ],
        place="overview",
        facts=_facts(edition, row),
        kicker=say(
            "{segmentation} segment", segmentation=edition.title_of(row.segmentation)
        ),
        kicker_link=f"{HOME}index.html#segments-{row.segmentation}",
    )


def _facts(edition: Edition, row) -> tuple[Fact, ...]:
    say = edition.say
    facts = [
        Fact(
            say("Persons"),
            say.whole(row.person_count),
            say("{share} of all", share=say.percent(row.person_share)),
        ),
        Fact(
            say("Revenue"),
            edition.amount(row.revenue_amount),
            say("{share} of all", share=say.percent(row.revenue_share)),
        ),
    ]
    if row.person_count and not is_missing(row.revenue_amount):
        facts.append(
            Fact(
                say("Revenue per person"),
                edition.amount(row.revenue_amount / row.person_count),
                _against_everybody(edition, row.revenue_amount / row.person_count),
            )
        )
    if not is_missing(row.night_change):
        facts.append(
            Fact(
                say("Since last night"),
                say.signed(row.night_change),
                None
                if is_missing(row.month_change)
                else say("{change} in 30 days", change=say.signed(row.month_change)),
            )
        )
    if not is_missing(row.stability):
        facts.append(
            Fact(
                say("Stability"),
                say.decimals(row.stability),
                stability_word(edition, row.stability),
            )
        )
    return tuple(facts)


def _against_everybody(edition: Edition, amount: float) -> str | None:
    say, marts = edition.say, edition.marts
    if not marts.person_count or not marts.revenue_amount:
        return None
    mean = marts.revenue_amount / marts.person_count
    return say("{mean} over everybody", mean=edition.amount(mean))


def persona_section(edition: Edition, row) -> Section:
    """Tell who they are, as one tells of a person."""
    say, marts = edition.say, edition.marts
    title = say("Who they are")
    personas = marts.personas
    personas = personas.loc[
        (personas["segmentation"] == row.segmentation)
        & (personas["segment_key"] == row.segment_key)
    ]
    paragraph = None if personas.empty else _paragraph(edition, personas.iloc[0])
    if row.kind == "overlap":
        return missing(
            "persona",
            title,
            say("Portraits are drawn of segments that everybody has one of."),
        )
    if is_missing(paragraph):
        return missing(
            "persona",
            title,
            say("No portrait of this segment yet.")
            + " "
            + edition.lacking(["dim_personas"]),
        )
    persona = personas.iloc[0]
    traits = persona[f"traits_{say.code}"]
    return Section(
        "persona",
        title,
        seen=say(
            "A portrait made of what sets the segment apart; nobody in particular."
        ),
        blocks=(
            Persona(
                edition.name_of(row.segmentation, row.segment_key),
                paragraph,
                () if traits is None else tuple(traits),
                _persona_facts(edition, persona),
            ),
        ),
    )


def _persona_facts(edition: Edition, persona: pd.Series) -> tuple[Fact, ...]:
    """Tell what most of the segment are like, and what they spend."""
    say = edition.say
    facts = [
        Fact(
            label,
            say.weekday(persona[column])
            if column == "weekday"
            else say.words(persona[column]),
            say("{share} of them", share=say.percent(persona[f"{column}_share"], 0)),
        )
        for column, label in (
            ("channel", say("Best reached by")),
            ("day_part", say("Active at")),
            ("weekday", say("Favourite day")),
            ("device", say("Device")),
        )
        if not is_missing(persona[column])
    ]
    facts += [
        Fact(label, write(persona[column]))
        for column, label, write in (
            ("order_count", say("Orders each"), say.plain),
            ("average_order_amount", say("Average order"), edition.amount),
        )
        if not is_missing(persona[column])
    ]
    return tuple(facts)


def _paragraph(edition: Edition, persona: pd.Series) -> str | None:
    told = persona.get(f"paragraph_{edition.say.code}")
    if is_missing(told) and not is_missing(persona["paragraph_en"]):
        return Foreign(persona["paragraph_en"])
    return told


def definition_section(edition: Edition, row) -> Section:
    """Tell what puts somebody in the segment."""
    say = edition.say
    title = say("Why somebody is here")
    ways = alternatives(edition, row.segmentation, row.segment_key)
    explain = say(
        "For one person, with her figures and the nearest alternatives, run “tessera "
        "person” with her key."
    )
    if ways:
        blocks = tuple(
            Remark(
                say("All of these hold:")
                if len(ways) == 1
                else say("Way {number}: all of these hold:", number=number),
                tuple(way),
            )
            for number, way in enumerate(ways, start=1)
        )
        seen = (
            say("One of {count} ways is enough.", count=say.whole(len(ways)))
            if len(ways) > 1
            else say("A rule decides, the same for everybody.")
        )
        if row.kind == "partition":
            seen += " " + say(
                "Segments are tried in order and the first that holds takes the person."
            )
        return Section("definition", title, seen=seen, advice=explain, blocks=blocks)
    if row.segmentation == "behaviour":
        seen = (
            say("Whoever never bought has no behaviour to compare.")
            if row.segment_key.endswith("no-purchase")
            else say(
                "Nobody drew a line: people with a purchase are placed by what they "
                "do, and each belongs to the segment whose middle is nearest. The "
                "traits below say what that middle is like."
            )
        )
        return Section(
            "definition",
            title,
            seen=seen,
            advice=explain,
            blocks=_lineage_blocks(edition, row),
        )
    return Section(
        "definition", title, seen=edition.description_of(row), advice=explain
    )


def _lineage_blocks(edition: Edition, row) -> tuple[Remark, ...]:
    """Tell what the segment was before the last refit."""
    say = edition.say
    lineage = edition.marts.lineage
    lineage = lineage.loc[lineage["to_segment_key"] == row.segment_key]
    words = relation_words(edition)
    items = tuple(
        say(
            "{relation}: {name}, {jaccard} of their members shared",
            relation=words.get(line.relation) or say.words(line.relation),
            name=edition.name_of("behaviour", line.from_segment_key),
            jaccard=say.percent(line.jaccard, 0),
        )
        for line in lineage.itertuples()
        if not is_missing(line.from_segment_key)
    )
    if not items:
        return ()
    return (Remark(say("What it was before the model was last fitted:"), items),)


def relation_words(edition: Edition) -> dict[str, str]:
    """Name how a segment stems from one of the model before."""
    say = edition.say
    return {
        "same": say("the same segment"),
        "split": say("split off"),
        "merged": say("merged"),
        "born": say("new"),
        "retired": say("retired"),
    }


def example_sections(edition: Edition, row) -> list[Section]:
    """Explain where the segment's typical person is; nothing where there is none."""
    say = edition.say
    typical = edition.marts.typical
    typical = typical.loc[typical["typical_of"] == row.segment_key]
    if typical.empty:
        return []
    person = typical.iloc[0]
    blocks: list = [_example_scores(edition, person)]
    if row.segmentation == "behaviour":
        blocks += _example_axes(edition, row, person)
    blocks.append(
        Remark(
            say("So tonight she is in:"),
            tuple(_example_place(edition, place) for place in typical.itertuples()),
        )
    )
    return [
        Section(
            "example",
            say("One of them, and why"),
            seen=say(
                "Person {key} lies nearest to the middle of the segment: an example, "
                "told without a name.",
                key=person["person_key"],
            ),
            advice=say(
                "“tessera person {key}” tells all of her features, the nearest "
                "alternatives and her history.",
                key=person["person_key"],
            ),
            blocks=tuple(blocks),
        )
    ]


def _example_scores(edition: Edition, person: pd.Series) -> Table:
    say = edition.say
    figure, score = say("Figure"), say("Score")
    return Table(
        say("What she did, and the scores it gets"),
        (say("Measure"), figure, score, say("Where this score begins and ends")),
        frozenset({figure, score}),
        [
            (
                Cell(name),
                Cell(write(person[column])),
                Cell(say.whole(person[points])),
                Cell(_score_bounds(edition, points, person[points])),
            )
            for name, column, points, write in (
                (
                    say("Days since the last purchase"),
                    "recency_days",
                    "recency_score",
                    say.whole,
                ),
                (
                    say("Orders so far"),
                    "frequency_count",
                    "frequency_score",
                    say.whole,
                ),
                (
                    say("Money spent so far"),
                    "monetary_amount",
                    "monetary_score",
                    edition.amount,
                ),
            )
        ],
    )


def _score_bounds(edition: Edition, score: str, points: float | None) -> str:
    """Say which values get as many points tonight; nothing while edges are unknown."""
    if is_missing(points) or not points:
        return edition.say("never bought")
    groups = len(edges_of(edition, SCORED[score][0])) + 1
    if groups == 1 or points > groups:
        return ""
    return range_words(edition, score, int(points), int(points))


def _example_axes(edition: Edition, row, person: pd.Series) -> tuple[Table, ...]:
    """Compare her with the middle of her segment, on the axes that marts carry."""
    say = edition.say
    middles = edition.marts.middles
    here = middles.loc[middles["segment_key"] == row.segment_key]
    if here.empty or is_missing(person["axis_1_score"]):
        return ()
    others = middles.loc[middles["segment_key"] != row.segment_key]
    columns = (say("Her score"), say("Middle of the segment"), say("Other segments"))
    return (
        Table(
            say("Where she lies on the two strongest axes"),
            (say("Axis"), *columns),
            frozenset(columns),
            [
                (
                    Cell(axis_title(edition, number)),
                    Cell(say.decimals(person[column])),
                    Cell(say.decimals(here[column].iloc[0])),
                    Cell(
                        say(
                            "{low} to {high}",
                            low=say.decimals(others[column].min()),
                            high=say.decimals(others[column].max()),
                        )
                        if len(others)
                        else ""
                    ),
                )
                for number, column in ((1, "axis_1_score"), (2, "axis_2_score"))
            ],
        ),
    )


def _example_place(edition: Edition, place) -> str:
    """Tell one segment that the typical person is in."""
    say = edition.say
    named = say.pair(
        edition.title_of(place.segmentation),
        edition.name_of(place.segmentation, place.segment_key),
    )
    if is_missing(place.entered_on):
        return named
    since = say("{segment}, since {day}", segment=named, day=say.day(place.entered_on))
    if is_missing(place.probability) or place.segmentation != "behaviour":
        return since
    return say(
        "{segment} (probability {share})",
        segment=since,
        share=say.percent(place.probability, 0),
    )


def _traits_of(edition: Edition, row) -> pd.DataFrame:
    traits = edition.marts.traits
    return traits.loc[
        (traits["segmentation"] == row.segmentation)
        & (traits["segment_key"] == row.segment_key)
    ]


def traits_section(edition: Edition, row) -> Section:
    """Compare the segment with everybody else."""
    say = edition.say
    title = say("What sets them apart")
    traits = _traits_of(edition, row).dropna(subset="difference").head(SHOWN_TRAITS)
    if row.kind == "overlap":
        return missing(
            "traits",
            title,
            say("Traits are measured in segments that everybody has one of."),
        )
    if traits.empty:
        return missing(
            "traits",
            title,
            say("Nobody is in this segment tonight: there is nothing to compare.")
            if row.person_count == 0
            else say("Traits have not been measured yet.")
            + " "
            + edition.lacking(["fct_segment_traits"]),
        )
    name, here, rest, apart = (
        say("Trait"),
        say("In the segment"),
        say("Everybody else"),
        say("Difference"),
    )
    longest = {
        kind: max(abs(end) for span in spans for end in span) or 1
        for kind, spans in (
            (kind, [_trait_span(trait) for trait in of_kind.itertuples()])
            for kind, of_kind in traits.groupby("trait_kind")
        )
    }
    return Section(
        "traits",
        title,
        seen=say(
            "The traits that tell the segment from everybody else, the strongest first."
        ),
        advice=say(
            "A bar to the right is more than others, to the left less; the line at its "
            "end is how sure we are. Build the message on long bars with short lines."
        ),
        blocks=(
            Table(
                say("Traits against the rest"),
                (name, here, rest, apart),
                frozenset({here, rest}),
                [
                    (
                        _trait_cell(edition, trait),
                        Cell(_trait_figure(edition, trait, trait.segment_figure)),
                        Cell(_trait_figure(edition, trait, trait.rest_figure)),
                        Cell(
                            _difference_words(edition, trait),
                            span=tuple(
                                end / longest[trait.trait_kind]
                                for end in _trait_span(trait)
                            ),
                        ),
                    )
                    for trait in traits.itertuples()
                ],
            ),
            Remark(
                say(
                    "Of measures the difference is in standard deviations; of "
                    "attributes it is how many times as many have it. The line is the "
                    "95 % interval."
                )
            ),
        ),
    )


def _trait_cell(edition: Edition, trait) -> Cell:
    """Name a trait; of an attribute, which value it is about."""
    say = edition.say
    name = _label(edition, trait, "trait") or say.words(trait.trait)
    if trait.trait_kind == "measure":
        return Cell(name)
    value = _label(edition, trait, "value") or say.words(trait.trait_value)
    return Cell(value[:1].upper() + value[1:], name)


def _label(edition: Edition, trait, of: str) -> str | None:
    """Give the marts' words for a trait or its value; None where they have none."""
    say = edition.say
    label = getattr(trait, f"{of}_label_fr" if say.code == "fr" else f"{of}_label")
    return None if is_missing(label) else say.typeset(label)


def _trait_span(trait) -> tuple[float, float, float]:
    """Difference with its interval, as lengths from the middle.

    A lift of a half is drawn as far to the left as one of two to the right.
    """
    ends = (trait.difference, trait.interval_low, trait.interval_high)
    known = [trait.difference if is_missing(end) else end for end in ends]
    if trait.trait_kind == "measure":
        return tuple(known)
    return tuple(math.log2(min(max(end, 1 / 1024), 1024)) for end in known)


def _difference_words(edition: Edition, trait) -> str:
    say = edition.say
    if trait.trait_kind == "measure":
        return say.signed_decimals(trait.difference)
    return say("× {lift}", lift=say.decimals(trait.difference, 1))


def _trait_figure(edition: Edition, trait, value: float | None) -> str:
    """Write a figure of a trait with its unit: a share, or the mean of a measure."""
    say = edition.say
    is_share = trait.unit == "share" or (
        is_missing(trait.unit) and trait.trait.endswith("_share")
    )
    if trait.trait_kind != "measure" or is_share:
        return say.percent(value)
    if is_missing(value):
        return NOTHING
    figure = say.plain(value)
    units = {
        "days": say("{figure} days", figure=figure),
        "years": say("{figure} years", figure=figure),
        "metres": say("{figure} m", figure=say.whole(value)),
        "amount": edition.amount(value),
    }
    return units.get(trait.unit, figure)


def trend_section(edition: Edition, row) -> Section:
    """Show how large the segment was, and what it brought, night by night."""
    say = edition.say
    title = say("How it developed")
    sizes = nightly_sizes(edition, row.segmentation, row.segment_key)
    if len(sizes) < 2:
        return missing(
            "trend",
            title,
            say("One night is on record; a trend begins with the second.")
            if len(sizes)
            else edition.lacking(["fct_segment_sizes_daily"]),
        )
    drawings = [
        sizes_trend(
            edition, sizes, "person_count", say("Persons"), theme.PERSONS, say.whole
        )
    ]
    if sizes["revenue_amount"].fillna(0).sum() > 0:
        drawings.append(
            sizes_trend(
                edition,
                sizes,
                "revenue_amount",
                say("Revenue"),
                theme.REVENUE,
                edition.amount,
            )
        )
    columns = (say("Night"), say("Persons"), say("Share of persons"), say("Revenue"))
    return Section(
        "trend",
        title,
        seen=say(
            "From {first} to {last}, night by night.",
            first=say.day(sizes["as_of_date"].iloc[0]),
            last=say.day(sizes["as_of_date"].iloc[-1]),
        ),
        blocks=(
            Row(tuple(drawings)),
            Table(
                say("All nights in figures"),
                columns,
                frozenset(columns[1:]),
                [
                    (
                        Cell(say.day(night.as_of_date)),
                        Cell(say.whole(night.person_count)),
                        Cell(say.percent(night.person_share)),
                        Cell(edition.amount(night.revenue_amount)),
                    )
                    for night in sizes[::-1].itertuples()
                ],
                is_folded=True,
            ),
        ),
    )


def flows_section(edition: Edition, row) -> Section:
    """Show where the segment's persons came from, and where they went."""
    say = edition.say
    title = say("Where they came from and went")
    if row.kind == "overlap":
        return missing(
            "flows",
            title,
            say("Moves are followed in segments that everybody has one of."),
        )
    month, night = (
        edition.moves_of(row.segmentation, period) for period in (MONTH, NIGHT)
    )
    moves, period = (
        (month, say("in 30 days")) if len(month) else (night, say("since last night"))
    )
    came = moves.loc[moves["to_segment_key"] == row.segment_key]
    went = moves.loc[moves["from_segment_key"] == row.segment_key]
    if came.empty and went.empty:
        if len(edition.marts.migrations):
            return missing("flows", title, say("Nobody came and nobody went."))
        return missing(
            "flows",
            title,
            say("No movement yet: it takes two nights.")
            + " "
            + edition.lacking(["fct_segment_migrations"]),
        )
    balance = int(came["person_count"].sum()) - int(went["person_count"].sum())
    drawings = tuple(
        _ends_drawing(edition, row, side, heading, is_arrival)
        for side, heading, is_arrival in (
            (came, say("Came from"), True),
            (went, say("Went to"), False),
        )
        if len(side)
    )
    return Section(
        "flows",
        title,
        seen=say(
            "{came} came and {went} went {period}: {balance}.",
            came=say.whole(came["person_count"].sum()),
            went=say.whole(went["person_count"].sum()),
            period=period,
            balance=say.signed(balance),
        ),
        blocks=(
            Row(drawings),
            *_causes_remark(edition, row),
            _ends_table(edition, row, month, night),
        ),
    )


def _causes_remark(edition: Edition, row) -> tuple[Remark, ...]:
    """Tell which causes made the segment grow or shrink last night."""
    say, changes = edition.say, edition.marts.size_changes
    changes = changes.loc[
        (changes["segmentation"] == row.segmentation)
        & (changes["segment_key"] == row.segment_key)
    ]
    items = tuple(
        say.pair(words, say.signed_decimals(changes[cause].sum(), 1))
        for cause, words in cause_words(edition).items()
        if round(changes[cause].sum(), 1) != 0
    )
    if not items:
        return ()
    return (Remark(say("Why its size changed last night, in persons:"), items),)


def _ends_drawing(
    edition: Edition, row, side: pd.DataFrame, heading: str, is_arrival: bool
) -> Drawing:
    say = edition.say
    other = "from_segment_key" if is_arrival else "to_segment_key"
    here = End(
        edition.name_of(row.segmentation, row.segment_key),
        edition.colour_of(row.segmentation, row.segment_key),
    )
    largest = side.nlargest(SHOWN_ENDS, "person_count")
    parts = [
        (
            edition.end_of(
                row.segmentation, getattr(move, other), HOME, is_start=is_arrival
            ),
            move.person_count,
        )
        for move in largest.itertuples()
    ]
    rest = side["person_count"].sum() - largest["person_count"].sum()
    if rest > 0:
        parts.append((End(say("Others"), theme.MUTED), rest))
    flows = [
        Flow(
            end if is_arrival else here,
            here if is_arrival else end,
            count,
            say.pair(end.label, say.whole(count)),
        )
        for end, count in parts
    ]
    return Drawing(
        "sankey",
        heading,
        "",
        heading + ": " + "; ".join(flow.title for flow in flows),
        sankey(flows, say.whole),
    )


def _ends_table(
    edition: Edition, row, month: pd.DataFrame, night: pd.DataFrame
) -> Table:
    say = edition.say
    columns = (
        say("Segment"),
        say("Came in 30 days"),
        say("Went in 30 days"),
        say("Came last night"),
        say("Went last night"),
    )
    counts = {}
    for place, (moves, mine, other) in enumerate(
        (moves, mine, other)
        for moves in (month, night)
        for mine, other in (
            ("to_segment_key", "from_segment_key"),
            ("from_segment_key", "to_segment_key"),
        )
    ):
        for move in moves.loc[moves[mine] == row.segment_key].itertuples():
            key = getattr(move, other)
            key = None if is_missing(key) else key
            counts.setdefault(key, [0, 0, 0, 0])[place] += move.person_count
    ranked = sorted(counts.items(), key=lambda item: (-sum(item[1][:2]), str(item[0])))
    return Table(
        say("All moves in figures"),
        columns,
        frozenset(columns[1:]),
        [
            (
                Cell(
                    edition.name_of(row.segmentation, key, say("New here, or gone")),
                    link=edition.link_to(row.segmentation, key, HOME),
                ),
                *(Cell(say.whole(count)) for count in numbers),
            )
            for key, numbers in ranked
        ],
        is_folded=True,
    )
