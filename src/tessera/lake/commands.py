"""The commands ``tessera quarantine …``: a thin face on `tessera.lake.replay`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from tessera.project import find_project


@click.group()
def quarantine() -> None:
    """Correct rows that were set aside, and put them back."""


@quarantine.command("export")
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("quarantine"),
    show_default=True,
    help="Folder to write to.",
)
def quarantine_export(folder: Path) -> None:
    """Write the quarantined rows as CSV, one file a table, to correct by hand.

    Correct the columns of the table; leave the first nine as they are. The files hold
    personal data as it came: only you can read them, so delete them when done.
    """
    from tessera.lake.contracts import read_contracts
    from tessera.lake.replay import export_quarantine

    project = find_project()
    exported = export_quarantine(
        folder,
        warehouse=project.warehouse,
        lake=project.lake,
        contracts=read_contracts(project.root),
    )
    for table in exported:
        click.echo(f"{table.contract.name}: {table.row_count:,} rows in {table.path}")
    if exported:
        click.echo(
            "They hold personal data: only you can read them; delete them after."
        )
    else:
        click.echo("nothing is in quarantine")


@quarantine.command("replay")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option(
    "--loaded-on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day to load the rows under; today in UTC when absent.",
)
def quarantine_replay(files: tuple[Path, ...], loaded_on: datetime | None) -> None:
    """Put the corrected rows of FILES back into the lake."""
    from tessera.lake.contracts import read_contracts
    from tessera.lake.replay import replay_quarantine

    project = find_project()
    replays = replay_quarantine(
        list(files),
        warehouse=project.warehouse,
        lake=project.lake,
        contracts=read_contracts(project.root),
        loaded_on=(loaded_on or datetime.now(UTC)).date(),
        report=_say,
    )
    if any(replay.replayed for replay in replays):
        click.echo("`dbt build` takes them in.")


def _say(replay) -> None:
    """Say what became of one file, and which of its rows still do not fit."""
    counts = [
        (replay.replayed, "back in the lake"),
        (replay.unchanged, "unchanged"),
        (replay.replayed_before, "replayed before"),
        (len(replay.refusals), "still refused"),
    ]
    parts = [f"{count:,} {what}" for count, what in counts if count]
    parts = parts or ["nothing to replay"]
    click.echo(f"{replay.contract.name} <- {replay.file_name}: {', '.join(parts)}")
    for refusal in replay.refusals:
        column = f" {refusal.column_name}" if refusal.column_name else ""
        click.echo(f"  row {refusal.row_number}:{column} {refusal.rule}")
