"""The command ``tessera``: a thin face on the package's functions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click

from tessera.errors import TesseraError
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
def report() -> None:
    """Write the report, one HTML page, from the marts."""
    from tessera.report import write_report

    project = find_project()
    page = write_report(project.warehouse, project.site / "index.html")
    click.echo(f"report written to {page.relative_to(project.root)}")


@main.command()
def segments() -> None:
    """Print tonight's segments: persons, share of persons, share of revenue."""
    from tessera.segments import format_segments, read_segments

    project = find_project()
    click.echo(format_segments(read_segments(project.warehouse)))


if __name__ == "__main__":
    main()
