"""How the behaviour segments lie, and why there are as many as there are."""

from __future__ import annotations

import pandas as pd

from tessera.report import charts, theme
from tessera.report.axes import axis_end, axis_title
from tessera.report.blocks import (
    Cell,
    Drawing,
    Fact,
    Figure,
    Key,
    Legend,
    Page,
    Remark,
    Row,
    Section,
    Table,
    missing,
)
from tessera.report.drawings import Leaf, dendrogram
from tessera.report.edition import Edition
from tessera.report.language import is_missing
from tessera.report.overview_page import TRUSTED_STABILITY, stability_word
from tessera.report.read import PLANE_PERSONS
from tessera.report.segment_pages import relation_words

SHOWN_LOADINGS = 6


def model_page(edition: Edition) -> Page:
    """Write the model page."""
    say, marts = edition.say, edition.marts
    return Page(
        "model.html",
        say("The behaviour model"),
        say("Why these clusters, how far to trust them, and what the axes mean."),
        [
            selection_section(edition),
            stability_section(edition),
            plane_section(edition),
            axes_section(edition),
            tree_section(edition),
            projection_section(edition),
            versions_section(edition),
        ],
        place="model",
        facts=() if marts.model.empty else _facts(edition, marts.model.iloc[0]),
    )


def _facts(edition: Edition, model: pd.Series) -> tuple[Fact, ...]:
    say = edition.say
    return (
        Fact(
            say("Segments"),
            say.whole(model["segment_count"]),
            say.words(model["algorithm"]),
        ),
        Fact(
            say("Features"),
            say.whole(model["feature_count"]),
            say.many(
                "{count} axis explains {share}",
                "{count} axes explain {share}",
                0 if is_missing(model["component_count"]) else model["component_count"],
                share=say.percent(model["explained_variance_share"], 0),
            ),
        ),
        Fact(
            say("Fitted on"),
            say.short_day(model["fitted_on"]),
            say.many("{count} person", "{count} persons", model["sample_size"]),
        ),
        Fact(say("Version"), str(model["model_version"])),
    )


def selection_section(edition: Edition) -> Section:
    """Tell why there are as many behaviour segments as there are."""
    say, marts = edition.say, edition.marts
    title = say("Why this many segments?")
    measures = {
        "silhouette": (say("Silhouette"), say("Higher is better."), ".2f"),
        "davies_bouldin": (say("Davies–Bouldin"), say("Lower is better."), ".2f"),
        "inertia": (say("Inertia"), say("Look for the bend."), "~s"),
    }
    measured = marts.candidates.dropna(subset=list(measures), how="all")
    if measured.empty:
        return missing(
            "selection",
            title,
            say(
                "No model has been chosen yet: one is fitted when there are enough "
                "people."
            )
            + " "
            + edition.lacking(["fct_model_candidates"]),
        )
    algorithms = measured["algorithm"].unique().tolist()
    candidates = measured.assign(number=measured["algorithm"].map(algorithms.index) + 1)
    counts = candidates["segment_count"]
    chosen = candidates.loc[candidates["is_chosen"]]
    reasons = [*marts.model["reason"].dropna(), *chosen["reason"].dropna()]
    keys = tuple(
        Key(say.words(algorithm), *theme.series_style(number))
        for number, algorithm in enumerate(algorithms, start=1)
        if len(algorithms) > 1
    )
    figures = tuple(
        Figure(
            f"selection-{measure.replace('_', '-')}",
            name,
            hint,
            charts.selection_curve(candidates, measure, name, ticks, say).to_dict(
                validate=False
            ),
        )
        for measure, (name, hint, ticks) in measures.items()
        if candidates[measure].notna().any()
    )
    blocks: list = []
    if reasons:
        blocks.append(
            Remark(
                say("Why this one:"),
                (say.sentence(edition.reason(reasons[0])),),
            )
        )
    if keys:
        blocks.append(Legend(keys))
    blocks += [Row(figures), _candidates_table(edition, candidates)]
    return Section(
        "selection",
        title,
        seen=say.many(
            "Measured: {count} candidate with {least} to {most} segments.",
            "Measured: {count} candidates with {least} to {most} segments.",
            len(candidates),
            least=counts.min(),
            most=counts.max(),
        )
        + " "
        + (
            say(
                "The one with {count} was chosen.",
                count=say.whole(chosen["segment_count"].iloc[0]),
            )
            if len(chosen)
            else say("So far none was chosen.")
        ),
        advice=say(
            "Ask for another number only if it is better on every curve and its "
            "segments call for different campaigns."
        ),
        blocks=tuple(blocks),
    )


def _candidates_table(edition: Edition, candidates: pd.DataFrame) -> Table:
    say = edition.say
    figures = {
        "silhouette": say("Silhouette"),
        "davies_bouldin": say("Davies–Bouldin"),
        "calinski_harabasz": say("Calinski–Harabasz"),
        "dunn": say("Dunn"),
        "gap": say("Gap"),
        "stability": say("Stability"),
    }
    shown = {
        column: name
        for column, name in figures.items()
        if candidates[column].notna().any()
    }

    def verdict(row) -> str | None:
        words = [
            word
            for word, holds in (
                (say("chosen"), row.is_chosen),
                (say("elbow"), row.is_elbow),
            )
            if holds
        ]
        return ", ".join(words) or None

    return Table(
        say("All candidates in figures"),
        (say("Candidate"), *shown.values(), say("Reason")),
        frozenset(shown.values()),
        [
            (
                Cell(
                    f"{say.words(row.algorithm)}, {row.segment_count}",
                    verdict(row),
                ),
                *(
                    Cell(
                        say.whole(getattr(row, column))
                        if column == "calinski_harabasz"
                        else say.decimals(getattr(row, column), 3)
                    )
                    for column in shown
                ),
                Cell("" if is_missing(row.reason) else edition.reason(row.reason)),
            )
            for row in candidates.itertuples()
        ],
        is_folded=True,
    )


def stability_section(edition: Edition) -> Section:
    """Tell how far each segment would be drawn again from another sample."""
    say = edition.say
    title = say("Would another sample draw the same?")
    segments = edition.segments_of("behaviour")
    segments = segments.loc[segments["stability"].notna()]
    if segments.empty:
        return missing(
            "stability",
            title,
            say("No segment’s stability has been measured yet.")
            + " "
            + edition.lacking(["dim_segments"]),
        )
    chosen = edition.marts.candidates
    chosen = chosen.loc[chosen["is_chosen"]]
    checks = ()
    if len(chosen):
        row = chosen.iloc[0]
        checks = tuple(
            say.pair(name, say.decimals(row[column]))
            for column, name in (
                ("stability", say("Fitted again on samples drawn with replacement")),
                ("subsample_stability", say("Fitted again on half of the people")),
                ("seed_stability", say("Fitted again from other starts")),
                ("held_out_agreement", say("Agreement on people held out")),
            )
            if not is_missing(row[column])
        )
    stability, verdict = say("Stability"), say("Verdict")
    weakest = segments["stability"].min()
    return Section(
        "stability",
        title,
        seen=say(
            "Each segment was looked for again in samples of the same people; 1 means "
            "it always came back whole."
        ),
        advice=say(
            "Under {bound} a segment is a matter of the sample: plan nothing lasting "
            "on it.",
            bound=say.decimals(TRUSTED_STABILITY, 1),
        )
        if weakest < TRUSTED_STABILITY
        else say("All of them can be planned on."),
        blocks=(
            Table(
                say("Stability by segment"),
                (say("Segment"), stability, verdict),
                frozenset({stability}),
                [
                    (
                        Cell(
                            edition.name_of("behaviour", row.segment_key),
                            link=edition.link_to("behaviour", row.segment_key, ""),
                        ),
                        Cell(say.decimals(row.stability), bar=row.stability),
                        Cell(stability_word(edition, row.stability) or ""),
                    )
                    for row in segments.sort_values(
                        "stability", ascending=False
                    ).itertuples()
                ],
            ),
            *((Remark(say("The model as a whole:"), checks),) if checks else ()),
        ),
    )


def plane_section(edition: Edition) -> Section:
    """Show persons on the two strongest axes of behaviour."""
    say, marts = edition.say, edition.marts
    title = say("The map of behaviour")
    if marts.plane.empty:
        return missing(
            "plane",
            title,
            say("Nobody has a place on both axes and a behaviour segment yet.")
            + " "
            + edition.lacking(["fct_person_scores", "fct_segment_memberships"]),
        )
    named = _numbered(edition, marts.plane)
    points = marts.plane.merge(named, on="segment_key")
    framed = _within_frame(points)
    outside = len(points) - len(framed)
    first, second = (axis_title(edition, axis) for axis in (1, 2))
    return Section(
        "plane",
        title,
        seen=say(
            "Each point is one of {count} persons; those who behave alike lie close "
            "together. A number marks the middle of its segment.",
            count=say.whole(len(marts.plane)),
        )
        + (
            " " + say("It is a fixed sample.")
            if len(marts.plane) == PLANE_PERSONS
            else ""
        ),
        advice=say(
            "Where two segments overlap, one message can serve both; where they stand "
            "apart, write for each."
        ),
        blocks=(
            Figure(
                "plane-persons",
                say("Persons on the two strongest axes"),
                say(
                    "Across: {first}. Up: {second}. Scores have no unit; 0 is about "
                    "the average.",
                    first=first,
                    second=second,
                )
                + (
                    " "
                    + say.many(
                        "{count} person lies beyond the frame.",
                        "{count} persons lie beyond the frame.",
                        outside,
                    )
                    if outside
                    else ""
                ),
                charts.scatter(
                    framed, named, say, (axis_end(edition, 1), axis_end(edition, 2))
                ).to_dict(validate=False),
                keys=_keys(named),
            ),
            _middles_table(edition, framed, named, (first, second)),
        ),
    )


def projection_section(edition: Edition) -> Section:
    """Show the picture on which whoever behaves alike is near."""
    say, marts = edition.say, edition.marts
    title = say("Who is alike: a picture")
    if marts.projection.empty:
        return missing(
            "projection",
            title,
            say("No picture has been drawn yet.")
            + " "
            + edition.lacking(["fct_projection_points"]),
        )
    named = _numbered(edition, marts.projection)
    points = marts.projection.merge(named, on="segment_key")
    return Section(
        "projection",
        title,
        seen=say(
            "t-SNE lays out {count} persons so that neighbours behave alike on all "
            "axes at once.",
            count=say.whole(len(points)),
        ),
        advice=say(
            "Look at which colours mix. How far apart two groups lie, and how large "
            "they look, says nothing: no segment was drawn on this picture."
        ),
        blocks=(
            Figure(
                "projection-persons",
                say("Neighbours behave alike"),
                say("The axes have no meaning."),
                charts.scatter(points, named, say, None).to_dict(validate=False),
                keys=_keys(named),
            ),
        ),
    )


def _keys(named: pd.DataFrame) -> tuple[Key, ...]:
    return tuple(
        Key(row.segment_name, *theme.series_style(row.number), row.number)
        for row in named.itertuples()
    )


def _numbered(edition: Edition, points: pd.DataFrame) -> pd.DataFrame:
    """Give each segment on a picture its number, the largest first.

    A key without a row in dim_segments is named by itself, at the end.
    """
    present = set(points["segment_key"])
    known = edition.segments_of("behaviour")["segment_key"].tolist()
    keys = [key for key in known if key in present] + sorted(present - set(known))
    return pd.DataFrame(
        {
            "segment_key": keys,
            "segment_name": [edition.name_of("behaviour", key) for key in keys],
            "number": range(1, len(keys) + 1),
        }
    )


def _within_frame(points: pd.DataFrame) -> pd.DataFrame:
    """Keep the points that do not lie so far out that the rest would be a blot.

    The frame is the span of the middle 98 % on each axis, and once that span
    again to either side. In a usual cloud it leaves out no one.
    """
    places = points[["across_position", "up_position"]]
    low, high = places.quantile(0.01), places.quantile(0.99)
    span = high - low
    return points.loc[
        places.ge(low - span).all(axis=1) & places.le(high + span).all(axis=1)
    ]


def _middles_table(
    edition: Edition,
    points: pd.DataFrame,
    named: pd.DataFrame,
    axis_names: tuple[str, str],
) -> Table:
    say = edition.say
    middles = (
        points.groupby("number", as_index=False)[["across_position", "up_position"]]
        .median()
        .merge(named, on="number")
    )
    columns = (say("Segment"), axis_names[0], axis_names[1])
    return Table(
        say("Middles of the segments in figures"),
        columns,
        frozenset(columns[1:]),
        [
            (
                Cell(f"{row.number} {row.segment_name}"),
                Cell(say.decimals(row.across_position)),
                Cell(say.decimals(row.up_position)),
            )
            for row in middles.itertuples()
        ],
        is_folded=True,
    )


def axes_section(edition: Edition) -> Section:
    """Tell what each axis is made of."""
    say = edition.say
    title = say("What the axes mean")
    axes = edition.marts.axes
    if axes.empty:
        return missing("axes", title, edition.lacking(["fct_axis_loadings"]))
    name, share, most = say("Axis"), say("Explains"), say("Made mostly of")
    rows = []
    for axis, loadings in axes.groupby("axis", sort=True):
        explained = loadings["explained_variance_share"].iloc[0]
        heaviest = loadings.head(SHOWN_LOADINGS)
        rows.append(
            (
                Cell(axis_title(edition, axis), say("Axis {number}", number=axis)),
                Cell(
                    say.percent(explained),
                    bar=None if is_missing(explained) else explained,
                ),
                Cell(
                    " · ".join(
                        f"{_feature_words(edition, row)} "
                        f"{say.signed_decimals(row.loading)}"
                        for row in heaviest.itertuples()
                    )
                ),
            )
        )
    return Section(
        "axes",
        title,
        seen=say(
            "Many features were folded into {count} axes, turned so that each is made "
            "of few features. A loading near +1 or −1 is the feature itself.",
            count=len(rows),
        ),
        blocks=(
            Table(
                say("Axes and their loadings"),
                (name, share, most),
                frozenset({share}),
                rows,
            ),
        ),
    )


def _feature_words(edition: Edition, row) -> str:
    """Name a feature as the marts do; in words of its own where they do not."""
    say = edition.say
    label = row.feature_label_fr if say.code == "fr" else row.feature_label
    return say.words(row.feature) if is_missing(label) else say.typeset(label)


def tree_section(edition: Edition) -> Section:
    """Draw which segments are most alike."""
    say = edition.say
    title = say("Which segments are most alike")
    merges = edition.marts.merges
    if merges.empty:
        return missing("tree", title, edition.lacking(["fct_segment_merges"]))
    nodes = set(merges["first_node"]) | set(merges["second_node"])
    numbers = sorted(nodes - set(merges["merged_node"]))
    families = edition.marts.families
    keys = dict(zip(families["segment_number"], families["segment_key"], strict=True))
    leaves = {}
    for number in numbers:
        key = keys.get(number)
        key = f"behaviour-{number}" if is_missing(key) else key
        leaves[number] = Leaf(
            edition.name_of("behaviour", key),
            edition.link_to("behaviour", key, ""),
            edition.colour_of("behaviour", key),
        )
    steps = list(
        merges[["first_node", "second_node", "merged_node", "height"]].itertuples(
            index=False, name=None
        )
    )
    told = {number: leaf.label for number, leaf in leaves.items()}
    items = []
    for first, second, node, height in steps:
        items.append(
            say(
                "{first} with {second}, at {height}",
                first=told.get(first, str(first)),
                second=told.get(second, str(second)),
                height=say.decimals(height),
            )
        )
        told[node] = (
            "(" + " + ".join([told.get(first, "?"), told.get(second, "?")]) + ")"
        )
    return Section(
        "tree",
        title,
        seen=say(
            "Lines that meet further left join segments that are more alike; the tree "
            "ends when all are one."
        ),
        advice=say("With one message too few, write one for each branch."),
        blocks=(
            Drawing(
                "tree",
                say("Dendrogram"),
                say("Ward’s method, weighted by persons."),
                say("Segments by how alike they are") + ": " + "; ".join(items),
                dendrogram(leaves, steps, say.decimals),
            ),
            Table(
                say("Merges in figures"),
                (say("Merge"), say("Joined"), say("Unlikeness")),
                frozenset({say("Unlikeness")}),
                [
                    (
                        Cell(say.whole(number)),
                        Cell(item.rsplit(", ", 1)[0]),
                        Cell(say.decimals(step[3])),
                    )
                    for number, (item, step) in enumerate(
                        zip(items, steps, strict=True), start=1
                    )
                ],
                is_folded=True,
            ),
        ),
    )


def versions_section(edition: Edition) -> Section:
    """List the versions of the model and what became of their segments."""
    say, marts = edition.say, edition.marts
    title = say("Versions of the model")
    if marts.versions.empty:
        return missing("versions", title, edition.lacking(["fct_model_versions"]))
    status = {
        "champion": say("in use"),
        "challenger": say("challenger"),
        "retired": say("retired"),
    }
    figures = (say("Segments"), say("Silhouette"))
    blocks: list = [
        Table(
            say("Versions, the newest first"),
            (
                say("Version"),
                say("Status"),
                *figures,
                say("Why it is in use, or not, and why it was fitted"),
            ),
            frozenset(figures),
            [
                (
                    Cell(str(row.model_version), say.day(row.fitted_on)),
                    Cell(status.get(row.status) or say.words(row.status)),
                    Cell(say.whole(row.segment_count), say.words(row.algorithm)),
                    Cell(say.decimals(row.silhouette, 3)),
                    Cell(
                        ""
                        if is_missing(row.promotion_reason)
                        else edition.reason(row.promotion_reason),
                        " ".join(
                            edition.reason(reason)
                            for reason in (row.refit_reason, row.reason)
                            if not is_missing(reason)
                        )
                        or None,
                    ),
                )
                for row in marts.versions.itertuples()
            ],
        )
    ]
    if len(marts.lineage):
        blocks.append(_lineage_table(edition))
    return Section(
        "versions",
        title,
        seen=say(
            "A segment keeps its key when the model is fitted anew, as long as enough "
            "of its members stay together."
        ),
        blocks=tuple(blocks),
    )


def _lineage_table(edition: Edition) -> Table:
    say = edition.say
    words = relation_words(edition)
    shared = say("Members shared")
    return Table(
        say("From the segments before to those in use"),
        (say("Before"), say("Now"), say("Relation"), shared),
        frozenset({shared}),
        [
            (
                Cell(edition.name_of("behaviour", row.from_segment_key, say("none"))),
                Cell(
                    edition.name_of("behaviour", row.to_segment_key, say("none")),
                    link=edition.link_to("behaviour", row.to_segment_key, ""),
                ),
                Cell(words.get(row.relation) or say.words(row.relation)),
                Cell(say.percent(row.jaccard, 0)),
            )
            for row in edition.marts.lineage.itertuples()
        ],
    )
