"""The command behind ``scripts/bench``."""

from __future__ import annotations

from pathlib import Path

import click

from tessera.bench.activity import bench_activity
from tessera.bench.build import bench_build
from tessera.bench.choice import bench_choice
from tessera.bench.comparison import (
    compare_results,
    comparison_tables,
    draw_comparison,
)
from tessera.bench.features import bench_features
from tessera.bench.identity import bench_identity
from tessera.bench.linkage import bench_linkage
from tessera.bench.memberships import bench_memberships
from tessera.bench.memory import bench_memory
from tessera.bench.niches import bench_niches
from tessera.bench.peers import Results, bench_peers
from tessera.bench.persons import bench_persons
from tessera.bench.scoring import bench_scoring
from tessera.bench.segments import bench_segments
from tessera.project import find_project


@click.group(invoke_without_command=True)
@click.option("--events", type=int, help="Size of the planted world, as 10_000_000.")
@click.option("--repeats", default=3, show_default=True, help="Rounds; medians count.")
@click.option(
    "--worlds",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="TESSERA_BENCH_WORLDS",
    default=Path("warehouse/worlds"),
    show_default=True,
    help="Folder that keeps worlds (TESSERA_BENCH_WORLDS).",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Results; by default docs/benchmarks/<events>.json.",
)
@click.option("--memory-limit", default="4GB", show_default=True, help="DuckDB's.")
@click.option(
    "--only", multiple=True, help="Beginning of a step's name, in whatever case."
)
@click.option("--resume", is_flag=True, help="Go on from what the results hold.")
@click.option(
    "--compare",
    type=click.Path(exists=True, path_type=Path, dir_okay=False),
    help="Earlier results to hold these against; nothing is run.",
)
@click.pass_context
def main(
    context: click.Context,
    events: int | None,
    repeats: int,
    worlds: Path,
    out: Path | None,
    memory_limit: str,
    only: tuple[str, ...],
    resume: bool,
    compare: Path | None,
) -> None:
    """Measure on this machine; ratios and medians.

    With --events and no command: the project beside pandas and Polars.
    """
    if context.invoked_subcommand is not None:
        return
    if events is None:
        raise click.UsageError("name a command, or a size with --events.")
    out = out or find_project().root / "docs" / "benchmarks" / f"{events}.json"
    if compare:
        click.echo(compare_results(Results.read(compare), Results.read(out)))
        return
    results = bench_peers(
        events,
        worlds=worlds.resolve(),
        out=out.resolve(),
        repeats=repeats,
        memory_limit=memory_limit,
        only=only,
        resume=resume,
    )
    click.echo(comparison_tables(results))
    draw_comparison(results, out.with_suffix(".svg"))


@main.command()
@click.argument("persons", type=int, default=1_000_000)
@click.option("--runs", default=5, help="Rounds, interleaved; the median counts.")
def scoring(persons: int, runs: int) -> None:
    """Score PERSONS in SQL arithmetic, and in the ways one might instead."""
    click.echo(bench_scoring(persons, runs))


@main.command()
@click.argument("runs", type=int, default=5)
def activity(runs: int) -> None:
    """Stage and count the lake's web events, RUNS times, beside the bare group by."""
    click.echo(bench_activity(runs))


@main.command()
@click.argument("persons", type=int, default=500_000)
def features(persons: int) -> None:
    """Go from days of activity to the feature matrix, for PERSONS made up."""
    click.echo(bench_features(persons))


@main.command()
@click.argument("runs", type=int, default=3)
def build(runs: int) -> None:
    """Parse the project and build the lake as it is, RUNS times, from nothing."""
    click.echo(bench_build(runs))


@main.command()
@click.argument("profiles", type=int, default=10_000_000)
def identity(profiles: int) -> None:
    """Resolve PROFILES into persons, then once more with 1 % new ones."""
    click.echo(bench_identity(profiles))


@main.command()
@click.argument("truth", type=click.Path(exists=True, path_type=Path))
def persons(truth: Path) -> None:
    """Hold the persons of the built world against its TRUTH."""
    click.echo(bench_persons(find_project().warehouse, truth))


@main.command()
@click.argument("truth", type=click.Path(exists=True, path_type=Path))
def segments(truth: Path) -> None:
    """Hold the segments of behaviour of the built world against its TRUTH."""
    click.echo(bench_segments(find_project().warehouse, truth))


@main.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.argument("runs", type=int, default=3)
def linkage(path: Path, runs: int) -> None:
    """Match the records of PATH (historical_50k), RUNS times, beside bare Splink."""
    click.echo(bench_linkage(path, runs))


@main.command()
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.argument("names", nargs=-1)
def choice(folder: Path, names: tuple[str, ...]) -> None:
    """Choose segments for the labelled sets in FOLDER, or those of the NAMES."""
    click.echo(bench_choice(folder, names))


@main.command()
@click.argument("persons", type=int, default=1_500)
@click.argument("nights", type=int, default=60)
@click.option("--refit-nights", default=0, help="Build wholly every so many nights.")
@click.option("--when-due", is_flag=True, help="Refit when age or drift asks for it.")
@click.option("--seed", default=1, show_default=True, help="Of the world.")
@click.option(
    "--learned-days", default=90, show_default=True, help="Days before the first night."
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder that keeps world and warehouse.",
)
def memory(
    persons: int,
    nights: int,
    refit_nights: int,
    when_due: bool,
    seed: int,
    learned_days: int,
    keep: Path | None,
) -> None:
    """Count who leaves a segment and is back, NIGHTS of a world of PERSONS."""
    click.echo(
        bench_memory(
            persons,
            nights,
            refit_nights,
            refits_when_due=when_due,
            seed=seed,
            learned_days=learned_days,
            keep=keep,
        )
    )


@main.command()
@click.argument("persons", type=int, default=1_000_000)
def memberships(persons: int) -> None:
    """Build three nights of eight partitions for PERSONS made up."""
    click.echo(bench_memberships(persons))


@main.command()
@click.argument("persons", type=int, default=200_000)
def niches(persons: int) -> None:
    """Search niches among PERSONS made up, of 40 attributes."""
    click.echo(bench_niches(persons))


if __name__ == "__main__":
    main()
