"""Persons who go to another segment and come back, with memory and without."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from tessera.bench.measure import markdown_table
from tessera.errors import TesseraError
from tessera.lake.contracts import read_contracts
from tessera.lake.layout import initialise_lake
from tessera.project import find_project
from tessera.world import generate_world

START = date(2024, 1, 1)
# Days of the world before the first night, which the model is fitted on.
LEARNED_DAYS = 90
BACK_WITHIN_DAYS = 14
# What a night makes anew between the clock and the memberships, with the model and the
# persons as they were fitted and found on the first night. Which model scores is
# written down every night, and without that nobody is in a segment of it.
REPLAYED = (
    "--select", "int_clock+,+seg_membership_history",
    "--exclude", "path:models/fits/fit_*", "path:models/fits/behaviour/versions",
    "path:models/fits/behaviour/online", "fit_feature_history",
    "path:models/intermediate/identity",
)  # fmt: skip
# What says whether a refit is due; left out where refits come by the calendar.
DECIDING = ("fit_sample", "fit_feature_drift", "fit_refit_decision")
# Of each person and segment the first time she is back soon after she left.
RETURNED = f"""
    select count(distinct gone.person_key)
    from stretches as gone
    inner join stretches as back
        on
            gone.person_key = back.person_key
            and gone.segment_key = back.segment_key
            and back.valid_from > gone.valid_from
            and back.valid_from <= gone.valid_to + {BACK_WITHIN_DAYS}
"""


@dataclass(frozen=True)
class Step:
    """A model as dbt compiled it.

    Attributes
    ----------
    relation : str
        Where it stands.
    sql : str
        Its select.
    keys : tuple of str
        Columns whose rows a table that remembers replaces; none where a table is made
        anew.
    is_incremental : bool
        Whether rows of earlier nights stay.
    """

    relation: str
    sql: str
    keys: tuple[str, ...]
    is_incremental: bool


def bench_memory(
    persons: int,
    nights: int,
    refit_nights: int = 0,
    *,
    refits_when_due: bool = False,
    seed: int = 1,
    learned_days: int = LEARNED_DAYS,
    keep: Path | None = None,
) -> str:
    """Count who leaves a behaviour segment and is back within a fortnight.

    A planted world is built as of its first night, and a second one, by dbt. The later
    nights are made from what dbt compiled for the second, without it: all between the
    clock and the memberships. Both histories come from the same nights: the leaders',
    which is the plain nearest centroid, and the memberships'.

    Parameters
    ----------
    persons : int
        Persons of the world.
    nights : int
        Nights, the first included.
    refit_nights : int, default 0
        Nights after which dbt builds all of one, in which a refit that is due takes
        place and persons are found anew; with 0 that is the first alone.
    refits_when_due : bool, default False
        Whether each night looks at age and drift as `refit: auto` does, and dbt builds
        all of it when a refit is due.
    seed : int, default 1
        Of the world.
    learned_days : int, default 90
        Days of the world before the first night.
    keep : Path, optional
        Folder that keeps the world and the warehouse. Default: neither is kept.

    Returns
    -------
    str
        The nights of refits and why; a Markdown table with a line for either history.
    """
    project = find_project()
    with tempfile.TemporaryDirectory() as scratch:
        folder = (keep or Path(scratch)).resolve()
        generate_world(
            persons=persons, days=learned_days + nights, seed=seed, out=folder / "lake"
        )
        initialise_lake(folder / "lake", read_contracts(project.root))
        first = START + timedelta(days=learned_days)
        replayed = REPLAYED if refits_when_due else (*REPLAYED, *DECIDING)

        def dbt(night: date, *arguments: str) -> None:
            run_dbt_as_of(project.root, folder, night, arguments)

        types = ("--resource-type", "seed", "--resource-type", "model")
        wanted = ("--select", "+seg_membership_history")
        manifest = folder / "target" / "manifest.json"
        steps, compiled_for, built_on = [], first, first
        for number in range(nights):
            night = first + timedelta(days=number)
            is_first_after = night == built_on + timedelta(days=1)
            if number == 0 or (refit_nights and number % refit_nights == 0):
                dbt(night, "build", *types, *wanted)
                built_on = night
                continue
            if is_first_after:
                # What reads the night before finds one from this night on.
                dbt(night, "run", *replayed)
                dbt(night, "compile", *replayed)
                steps, compiled_for = read_steps(manifest), night
            else:
                with duckdb.connect(str(folder / "bench.duckdb")) as db:
                    replay(db, steps, compiled_for, night)
            if refits_when_due and refit_is_due(folder / "bench.duckdb"):
                dbt(night, "build", *types, *wanted)
                built_on = night
        with duckdb.connect(str(folder / "bench.duckdb")) as db:
            return f"{told_refits(db)}\n\n{flapping(db)}"


def run_dbt_as_of(
    root: Path, folder: Path, night: date, arguments: tuple[str, ...]
) -> None:
    """Run dbt on the lake and the warehouse of a folder, as of a night.

    Parameters
    ----------
    root : Path
        The project's.
    folder : Path
        With `lake`; the rest is made there.
    night : date
        The as-of date.
    arguments : tuple of str
        Command and options.

    Raises
    ------
    TesseraError
        If dbt fails; with what it said.
    """
    done = subprocess.run(
        ["dbt", "--quiet", *arguments],
        cwd=root,
        env=os.environ
        | {
            "TESSERA_LAKE": str(folder / "lake"),
            "TESSERA_WAREHOUSE": str(folder / "bench.duckdb"),
            "DBT_TARGET_PATH": str(folder / "target"),
            "DBT_LOG_PATH": str(folder / "logs"),
            "TESSERA_AS_OF_DATE": str(night),
        },
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise TesseraError(f"dbt {arguments[0]} of {night} failed:\n{done.stdout}")


def refit_is_due(warehouse: Path) -> bool:
    """Tell what ``fit_refit_decision`` says of the night made last.

    Parameters
    ----------
    warehouse : Path
        The DuckDB file.

    Returns
    -------
    bool
    """
    with duckdb.connect(str(warehouse), read_only=True) as db:
        (is_due,) = db.sql(
            "select bool_or(is_due) from fits.fit_refit_decision"
        ).fetchall()[0]
    return is_due


def told_refits(db: duckdb.DuckDBPyConnection) -> str:
    """List the refits, what asked for them and what became of the model.

    Parameters
    ----------
    db : duckdb.DuckDBPyConnection
        The warehouse.

    Returns
    -------
    str
        A Markdown table.
    """
    rows = db.sql(
        "select versions.fitted_on::varchar, versions.segment_count::varchar, "
        "versions.refit_reason, champions.reason from fits.fit_versions as versions "
        "inner join fits.fit_champions as champions "
        "on champions.as_of_date = versions.fitted_on order by 1"
    ).fetchall()
    header = ["fitted on", "segments", "why", "verdict"]
    return markdown_table(header, [list(row) for row in rows])


def read_steps(manifest: Path) -> list[Step]:
    """Read the models that a command compiled, in the order of their edges.

    Parameters
    ----------
    manifest : Path
        ``manifest.json`` as the command wrote it.

    Returns
    -------
    list of Step
        Tables only; views stand already.

    Raises
    ------
    TesseraError
        If the command compiled none, or one that adds rows without a key: what its
        hooks forget is not forgotten here, and rows would come again every night.
    """
    nodes = {
        name: node
        for name, node in json.loads(manifest.read_text())["nodes"].items()
        if node["resource_type"] == "model" and node.get("compiled_code")
    }
    edges = {name: node["depends_on"]["nodes"] for name, node in nodes.items()}
    steps = list(_steps(nodes, TopologicalSorter(edges).static_order()))
    if not steps:
        raise TesseraError(f"{manifest}: no model was compiled: `dbt compile` first.")
    return steps


def _steps(nodes: dict[str, dict], order: Iterator[str]) -> Iterator[Step]:
    """Make steps of the nodes that are tables."""
    for name in order:
        node = nodes.get(name)
        if node is None or node["config"]["materialized"] == "view":
            continue
        keys = node["config"].get("unique_key") or []
        is_incremental = node["config"]["materialized"] == "incremental"
        if is_incremental and not keys:
            raise TesseraError(
                f"{node['alias']} has no unique_key: give it one, or leave it out of "
                "what is replayed."
            )
        yield Step(
            f'"{node["schema"]}"."{node["alias"]}"',
            node["compiled_code"],
            tuple([keys] if isinstance(keys, str) else keys),
            is_incremental,
        )


def replay(
    db: duckdb.DuckDBPyConnection, steps: list[Step], compiled_for: date, night: date
) -> None:
    """Make one night from compiled SQL; nights go forward.

    Parameters
    ----------
    db : duckdb.DuckDBPyConnection
        The warehouse.
    steps : list of Step
        From :func:`read_steps`.
    compiled_for : date
        The night they were compiled for.
    night : date
        The night to make.
    """
    for step in steps:
        sql = step.sql.replace(f"date '{compiled_for}'", f"date '{night}'")
        if not step.is_incremental:
            db.execute(f"create or replace table {step.relation} as {sql}")
            continue
        db.execute(f"create or replace temp table made as {sql}")
        same = " and ".join(f"{step.relation}.{key} = made.{key}" for key in step.keys)
        db.execute(f"delete from {step.relation} using made where {same}")
        db.execute(f"insert into {step.relation} by name from made")


def flapping(db: duckdb.DuckDBPyConnection) -> str:
    """Lay out who left and came back, by either history.

    Parameters
    ----------
    db : duckdb.DuckDBPyConnection
        The warehouse.

    Returns
    -------
    str
        A Markdown table.
    """
    rows, first_share = [], None
    for way, source in (
        ("nearest centroid", "segments.seg_leader_history"),
        ("with memory", "segments.seg_membership_history"),
    ):
        where = "true" if "leader" in source else "segmentation = 'behaviour'"
        db.execute(
            "create or replace temp view stretches as select * exclude (valid_to), "
            f"coalesce(valid_to, date '9999-01-01') as valid_to from {source} "
            f"where {where}"
        )
        ((persons, moves),) = db.execute(
            "select count(distinct person_key), "
            "count(*) - count(distinct person_key) from stretches"
        ).fetchall()
        ((returned,),) = db.execute(RETURNED).fetchall()
        share = returned / persons
        first_share = share if first_share is None else first_share
        rows.append(
            [way, f"{persons:,}", f"{moves:,}", f"{returned:,}", f"{share:.4f}",
             f"{share / first_share:.2f}" if first_share else "-"]
        )  # fmt: skip
    header = ["membership", "persons", "moves", f"back within {BACK_WITHIN_DAYS} days"]
    return markdown_table([*header, "share of persons", "of nearest centroid"], rows)
