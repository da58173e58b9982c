"""The command ``tessera``: a thin face on the package's functions."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

import click

from tessera.errors import TesseraError
from tessera.identity.commands import identity
from tessera.lake.commands import quarantine
from tessera.project import find_project


class _Group(click.Group):
    """A group whose expected errors are a sentence, not a traceback."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except TesseraError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Group)
@click.version_option(package_name="tessera")
def main() -> None:
    """Audience segmentation in your own warehouse; `dbt build` does the work."""


@main.group()
def lake() -> None:
    """Lay out the lake that raw data comes into."""


@lake.command("init")
def lake_init() -> None:
    """Write an empty, typed table for every contract; data stays as it is."""
    from tessera.lake.contracts import read_contracts
    from tessera.lake.layout import initialise_lake

    project = find_project()
    tables = initialise_lake(project.lake, read_contracts(project.root))
    project.warehouse.parent.mkdir(parents=True, exist_ok=True)
    click.echo(f"{tables} tables laid out in {project.lake}")


@main.command()
@click.argument("mapping", type=click.Path(path_type=Path))
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option(
    "--loaded-on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day to load the files under; today in UTC when absent.",
)
def ingest(mapping: Path, files: tuple[Path, ...], loaded_on: datetime | None) -> None:
    """Load FILES (CSV, Parquet, JSON, Excel) into the lake through MAPPING."""
    from tessera.lake.contracts import read_contracts
    from tessera.lake.ingest import ingest as ingest_files

    project = find_project()
    project.warehouse.parent.mkdir(parents=True, exist_ok=True)
    loads = ingest_files(
        mapping,
        list(files),
        lake=project.lake,
        contracts=read_contracts(project.root),
        loaded_on=_day(loaded_on),
        report=lambda load: click.echo(_load_line(load)),
    )
    refused = sum(load.rows_refused for load in loads)
    if refused:
        click.echo(
            f"{refused:,} rows do not fit their contract; after `dbt build`, "
            "marts.fct_quarantined_rows names file, row, column and rule of each."
        )


def _day(moment: datetime | None) -> date:
    """Day asked for, or today in UTC."""
    return (moment or datetime.now(UTC)).date()


def _load_line(load) -> str:
    """One line on one load."""
    line = f"{load.contract.name} <- {load.file_name}: {load.rows_in:,} rows"
    if load.already_loaded_on:
        return f"{line}, already loaded on {load.already_loaded_on}"
    return f"{line}, {load.rows_refused:,} refused"


@main.command()
@click.option("--persons", type=click.IntRange(1), required=True)
@click.option("--days", type=click.IntRange(1), required=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Root of the lake to write; the project's lake when absent.",
)
@click.option(
    "--events-per-person-day",
    type=float,
    help="Web, e-mail, social and ads events; by default 20 a person, over all days.",
)
@click.option("--first-day", type=int, default=0, help="Add nights from this day on.")
@click.option(
    "--no-segments",
    is_flag=True,
    help="Let all buyers behave alike, so that there is nothing to be found.",
)
def world(
    persons: int,
    days: int,
    seed: int,
    out: Path | None,
    events_per_person_day: float | None,
    first_day: int,
    no_segments: bool,
) -> None:
    """Write a planted world: a French retailer's seven sources, with known truth.

    The truth goes into the folder truth/ beside the lake; no model reads it.
    """
    from tessera.lake.contracts import read_contracts
    from tessera.lake.layout import initialise_lake
    from tessera.world import generate_world

    project = find_project()
    lake_root = out or project.lake
    with click.progressbar(length=days - first_day, label="nights") as bar:
        summary = generate_world(
            persons=persons,
            days=days,
            seed=seed,
            out=lake_root,
            events_per_person_day=events_per_person_day or 20 / days,
            first_day=first_day,
            planted=not no_segments,
            progress=lambda done, total: bar.update(1),
        )
    initialise_lake(lake_root, read_contracts(project.root))
    project.warehouse.parent.mkdir(parents=True, exist_ok=True)
    for table, rows in summary.rows.items():
        click.echo(f"{table}: {rows:,} rows")
    click.echo(
        f"{summary.event_count:,} events, {summary.dirty_rows:,} rows planted dirty; "
        f"the truth is in {summary.truth}"
    )


@main.command()
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="Night to build, or the first of several.",
)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last night to build.")
@click.option("--select", multiple=True, help="Passed on to `dbt build`.")
@click.option("--exclude", multiple=True, help="Passed on to `dbt build`.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a night.")
def nightly(
    as_of: datetime,
    until: datetime | None,
    select: tuple[str, ...],
    exclude: tuple[str, ...],
    as_json: bool,
) -> None:
    """Build a night, or several in order, as `dbt build` does for the last one.

    The first that fails is the last, and the warehouse keeps the night before it. A
    past night is built again from the nights before it; later nights of the history
    then have to be built again too, and the last line says which.
    """
    from tessera.nightly import build_nights, nights_between, stale_nights

    project = find_project()
    nights = nights_between(as_of.date(), until.date() if until else None)
    options = [
        *(part for value in select for part in ("--select", value)),
        *(part for value in exclude for part in ("--exclude", value)),
    ]
    failed = None
    show_bar = not as_json and sys.stdout.isatty()
    with (
        click.progressbar(length=len(nights), label="nights")
        if show_bar
        else nullcontext()
    ) as bar:
        for night in build_nights(project, nights, options):
            if bar:
                bar.update(1)
            else:
                click.echo(night.as_json() if as_json else _night_line(night))
            failed = None if night.succeeded else night
    if failed:
        raise TesseraError(
            f"{failed.as_of_date} failed"
            f"{': ' + ', '.join(failed.failures) if failed.failures else ''}; the "
            f"log has the reasons. {project.warehouse.name} holds the night before, "
            f"{project.warehouse.stem}.failed.duckdb what was built of this one."
        )
    stale = stale_nights(project.warehouse, nights[-1])
    if stale:
        what = (
            "1 later night stems from what was before; build it again"
            if len(stale) == 1
            else f"{len(stale)} later nights stem from what was before; build them "
            "again in order"
        )
        click.echo(
            f"{what}: tessera nightly --as-of {stale[0]} --until {stale[-1]}",
            err=as_json,
        )


def _night_line(night) -> str:
    """One line on one night."""
    state = "built" if night.succeeded else "FAILED"
    warned = f", {len(night.warnings)} warned" if night.warnings else ""
    return (
        f"{night.as_of_date} {state}: {night.model_count} models, "
        f"{night.test_count} tests{warned}, {night.seconds:.1f} s"
    )


_as_json = click.option("--json", "as_json", is_flag=True, help="JSON for machines.")


@contextmanager
def _progress(length: int | None, label: str, *, is_quiet: bool) -> Iterator[Callable]:
    """Show a bar on a terminal; in a log, and with --json, nothing.

    Gives a function that is told how many are done and how many there are.
    """
    if is_quiet or not sys.stdout.isatty():
        yield lambda done, total: None
        return
    with click.progressbar(length=length or 1, label=label) as bar:

        def tell(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield tell


@main.command()
@click.option(
    "--warehouse",
    "from_warehouse",
    is_flag=True,
    help="Read the working warehouse instead of what was published last.",
)
@_as_json
def report(from_warehouse: bool, as_json: bool) -> None:
    """Write the report, a site of static pages in English and French."""
    from tessera.report import write_site

    project = find_project()
    database = project.warehouse
    if not from_warehouse:
        database = project.published / "tessera.duckdb"
        if not database.is_file():
            raise TesseraError(
                f"{database}: nothing has been published yet: run `tessera publish`, "
                "or `tessera report --warehouse` to read the working warehouse."
            )
    with _progress(None, "pages", is_quiet=as_json) as tell:
        site = write_site(database, project.site, tell)
    entry = os.path.relpath(site.entry, project.root)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "entry": str(site.entry),
                    "page_count": site.page_count,
                    "has_lineage": site.has_lineage,
                    "database": str(database),
                }
            )
        )
        return
    click.echo(f"{site.page_count} pages written; open {entry}")


@main.command()
@click.option(
    "--keep-days",
    type=click.IntRange(0),
    default=7,
    show_default=True,
    help="Days that a version stays after it was published.",
)
@_as_json
def publish(keep_days: int, as_json: bool) -> None:
    """Publish the marts for BI tools, when every blocking gate has passed."""
    from tessera.publish import publish as publish_marts

    project = find_project()
    publication = publish_marts(
        project.warehouse,
        project.published,
        keep_days=keep_days,
        memory_limit=os.environ.get("TESSERA_MEMORY_LIMIT", "4GB"),
        report=lambda table: None if as_json else click.echo(f"marts.{table}"),
    )
    if as_json:
        click.echo(json.dumps(publication.manifest | {"is_new": publication.is_new}))
        return
    warned = [gate for gate in publication.manifest["gates"] if not gate["passed"]]
    for gate in warned:
        click.echo(f"beware: {gate['gate']} ({gate['subject']}): {gate['reason']}")
    state = "published" if publication.is_new else "was published already"
    click.echo(
        f"build {publication.manifest['build_id']} {state}: "
        f"{project.published / 'tessera.duckdb'}"
    )


@main.group()
def state() -> None:
    """Save what the warehouse remembers, and put it back."""


@state.command("export")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def state_export(folder: Path) -> None:
    """Save keys, thresholds and histories as Parquet files in FOLDER."""
    from tessera.state import export_state, state_tables

    project = find_project()
    tables = state_tables(project.manifest)
    for table in export_state(project.warehouse, tables, folder):
        click.echo(f"{table.schema}.{table.name}: {table.row_count:,} rows saved")


@state.command("import")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def state_import(folder: Path) -> None:
    """Put the files of FOLDER back into a new warehouse; then run `dbt build`."""
    from tessera.state import import_state, state_tables

    project = find_project()
    tables = state_tables(project.manifest)
    for table in import_state(project.warehouse, tables, folder):
        click.echo(f"{table.schema}.{table.name}: {table.row_count:,} rows put back")


@main.command()
@_as_json
def segments(as_json: bool) -> None:
    """Print tonight's segments: persons, share of persons, share of revenue."""
    from tessera.segments import read_segments
    from tessera.terminal import segments_table, show

    found = read_segments(find_project().warehouse)
    if as_json:
        click.echo(json.dumps([asdict(segment) for segment in found]))
        return
    show(segments_table(found))


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("person_key", type=int)
@_as_json
def person(person_key: int, as_json: bool) -> None:
    """Explain why the person with PERSON_KEY is in her segments.

    Her scores with the edges behind them, what is least usual about her, the nearest
    behaviour segments with their probabilities, and her moves so far.
    """
    from tessera.person import explain_person

    explained = explain_person(find_project().warehouse, person_key)
    if as_json:
        click.echo(json.dumps(explained.as_dict()))
        return
    from tessera.terminal import explanation_tables, show

    show(explanation_tables(explained))


@main.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="ZIP file to write.",
)
def dashboard(out: Path) -> None:
    """Write the dashboard that Superset imports, from bi/audience.yml.

    It reads the published file; scripts/superset sets up a Superset that shows it.
    """
    from tessera.dashboard import read_definition, write_bundle

    project = find_project()
    left_out = write_bundle(
        read_definition(project.root / "bi" / "audience.yml"),
        project.published / "tessera.duckdb",
        out,
    )
    for name in left_out:
        click.echo(f"left out, its mart is not published: {name}")
    click.echo(f"dashboard written to {out}")


main.add_command(quarantine)
main.add_command(identity)


if __name__ == "__main__":
    main()
