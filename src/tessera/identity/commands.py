"""The commands ``tessera identity …``: a thin face on `tessera.identity`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from tessera.project import find_project

# Questions on one screen or two.
SHOWN = 20


@click.group()
def identity() -> None:
    """Answer what only a person can tell: whether two profiles are one person."""


@identity.command("reviews")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="CSV file to write and fill in; a table on the screen when absent.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    help="Questions to show, 20 when absent, or to write, all when absent.",
)
@click.option(
    "--all",
    "all_questions",
    is_flag=True,
    help="Also the pairs that agree in names alone, which may be namesakes.",
)
@click.option("--json", "as_json", is_flag=True, help="JSON for machines.")
def identity_reviews(
    out: Path | None, limit: int | None, all_questions: bool, as_json: bool
) -> None:
    """Show tonight's questions about identity, with what the sources say.

    What is easiest to decide comes first. Write `same` or `different` into the column
    `decision`, then take the file in with `tessera identity answer`. It holds personal
    data: only you can read it, so delete it when done.
    """
    from tessera.identity.reviews import count_reviews, export_reviews, read_reviews

    warehouse = find_project().warehouse
    if out:
        count = export_reviews(warehouse, out, limit=limit, all_questions=all_questions)
        click.echo(f"{count:,} questions in {out}; it holds personal data.")
        return
    if not as_json:
        limit = limit or SHOWN
    reviews = read_reviews(warehouse, limit=limit, all_questions=all_questions)
    if as_json:
        click.echo(reviews.to_json(orient="records", date_format="iso"))
        return
    for row in reviews.itertuples():
        probability = row.match_probability
        likely = f", {probability:.0%} likely" if probability >= 0 else ""
        click.echo(
            f"{row.queue_position}. {row.review_kind}: {row.evidence}{likely} "
            f"({row.what_to_do})"
        )
        for source, profile_id, says in (
            (row.left_source, row.left_profile_id, row.left_says),
            (row.right_source, row.right_profile_id, row.right_says),
        ):
            if isinstance(source, str):
                said = says if isinstance(says, str) else ""
                click.echo(f"  {source} {profile_id}: {said}")
    for row in count_reviews(warehouse).itertuples():
        only = "" if row.is_decidable else " by name alone (--all shows them)"
        click.echo(f"{row.review_kind}{only}: {row.question_count:,}")
    click.echo(f"{len(reviews):,} shown; --out writes a file to answer them in.")


@identity.command("answer")
@click.argument("answers", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--decided-on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day of the decisions; the night that asked when absent.",
)
def identity_answer(answers: Path, decided_on: datetime | None) -> None:
    """Append the decisions of ANSWERS to seeds/identity_decisions.csv."""
    from tessera.identity.answers import take_answers

    taken = take_answers(
        answers,
        find_project().root / "seeds" / "identity_decisions.csv",
        decided_on.date() if decided_on else None,
    )
    click.echo(
        f"{taken.added:,} decisions added, {taken.known:,} known before, "
        f"{taken.open:,} questions open"
    )
    if taken.added:
        click.echo("`dbt build` obeys them, from the night of their day on.")
