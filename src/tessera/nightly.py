"""Nights built one after the other, each from the good state of the one before."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from tessera.errors import TesseraError
from tessera.project import Project
from tessera.warehouse import open_warehouse

_FAILED = {"error", "fail", "runtime error"}


@dataclass(frozen=True)
class Night:
    """What became of one night.

    Parameters
    ----------
    as_of_date : date
        The night's date, `as_of_date` of the clock.
    succeeded : bool
        Whether everything was built and every test passed.
    seconds : float
        Time it took.
    model_count, test_count : int
        Models built and tests run, whatever came of them.
    warnings : tuple of str
        Tests that only warned.
    failures : tuple of str
        Models, seeds and tests that failed; empty too when dbt itself broke off.
    """

    as_of_date: date
    succeeded: bool
    seconds: float
    model_count: int
    test_count: int
    warnings: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()

    def as_json(self) -> str:
        """Give one line of JSON.

        Examples
        --------
        >>> Night(date(2024, 6, 30), True, 1.25, 3, 4).as_json()[:50]
        '{"as_of_date": "2024-06-30", "succeeded": true, "s'
        """
        return json.dumps(asdict(self) | {"as_of_date": self.as_of_date.isoformat()})


def nights_between(as_of: date, until: date | None) -> list[date]:
    """List the nights from one to another, both included.

    Parameters
    ----------
    as_of : date
        First night.
    until : date, optional
        Last night; the first one when absent.

    Returns
    -------
    list of date
        In order, without gaps.

    Raises
    ------
    TesseraError
        If `until` lies before `as_of`.

    Examples
    --------
    >>> [night.day for night in nights_between(date(2024, 6, 29), date(2024, 7, 1))]
    [29, 30, 1]
    """
    until = until or as_of
    if until < as_of:
        raise TesseraError(f"--until {until} lies before --as-of {as_of}.")
    return [as_of + timedelta(days) for days in range((until - as_of).days + 1)]


def build_nights(
    project: Project, nights: Sequence[date], options: Sequence[str] = ()
) -> Iterator[Night]:
    """Build nights in order, and stop at the first that fails.

    Before a night the warehouse is copied; when the night fails, the copy takes its
    place, and the half-built file stands beside it as ``<name>.failed.duckdb``. So the
    warehouse always holds the last night that ended well.

    The date is told by the environment: told by ``--vars``, dbt would parse the whole
    project anew every night.

    Parameters
    ----------
    project : Project
        Where the project and its warehouse are.
    nights : sequence of date
        Nights to build.
    options : sequence of str
        Further options of ``dbt build``, such as ``--select``.

    Yields
    ------
    Night
        As soon as it is over; one that failed is the last.
    """
    for night in nights:
        copy = _set_aside(project.warehouse)
        built = _build(project, night, options)
        if not built.succeeded:
            _put_back(project.warehouse, copy)
            yield built
            return
        for file in _files_of(copy):
            file.unlink(missing_ok=True)
        yield built


def stale_nights(warehouse: Path, after: date) -> list[date]:
    """List the nights of the history that stem from a night as it no longer is.

    Parameters
    ----------
    warehouse : Path
        The DuckDB file.
    after : date
        The last night just built; only later ones are looked at.

    Returns
    -------
    list of date
        Ascending, from the first that does not follow from the night before it; empty
        when all do, or there is no history yet.
    """
    try:
        with open_warehouse(warehouse) as connection:
            rows = connection.execute(
                """
                with followed as (
                    select
                        as_of_date,
                        previous_on is not null and previous_edges is distinct from
                        lag(smoothed_edges) over (
                            partition by variable, scope, scope_value
                            order by as_of_date
                        ) as is_stale
                    from fits.fit_thresholds
                )
                select distinct as_of_date
                from followed
                where as_of_date > $after and as_of_date >= (
                    select min(as_of_date) from followed
                    where is_stale and as_of_date > $after
                )
                order by as_of_date
                """,
                {"after": after},
            ).fetchall()
    except duckdb.CatalogException:
        return []
    return [night for (night,) in rows]


def _build(project: Project, night: date, options: Sequence[str]) -> Night:
    """Run ``dbt build`` for a night and count what came of it."""
    started = time.perf_counter()
    results = project.root / os.environ.get("DBT_TARGET_PATH", "target")
    results = results / "run_results.json"
    results.unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "build", *options],
        cwd=project.root,
        env=os.environ | {"TESSERA_AS_OF_DATE": night.isoformat()},
        capture_output=True,
        check=False,
    )
    # Without results dbt broke off before it built anything.
    found = json.loads(results.read_text())["results"] if results.exists() else []
    names = [result["unique_id"].split(".") for result in found]
    return Night(
        as_of_date=night,
        succeeded=done.returncode == 0,
        seconds=round(time.perf_counter() - started, 1),
        model_count=sum(kind == "model" for kind, *_ in names),
        test_count=sum(kind in ("test", "unit_test") for kind, *_ in names),
        warnings=tuple(
            name[2]
            for name, result in zip(names, found, strict=True)
            if result["status"] == "warn"
        ),
        failures=tuple(
            name[2]
            for name, result in zip(names, found, strict=True)
            if result["status"] in _FAILED
        ),
    )


def _files_of(warehouse: Path) -> tuple[Path, Path]:
    """Name the files of a warehouse, its log of unfinished writes included."""
    return warehouse, warehouse.with_name(warehouse.name + ".wal")


def _set_aside(warehouse: Path) -> Path:
    """Copy a warehouse, if there is one, and say where to."""
    copy = warehouse.with_suffix(".last_good.duckdb")
    for file, target in zip(_files_of(warehouse), _files_of(copy), strict=True):
        target.unlink(missing_ok=True)
        if file.exists():
            shutil.copy2(file, target)
    return copy


def _put_back(warehouse: Path, copy: Path) -> None:
    """Put the copy into the warehouse's place, and keep what failed beside it."""
    failed = warehouse.with_suffix(".failed.duckdb")
    for files in ((warehouse, failed), (copy, warehouse)):
        for file, target in zip(*map(_files_of, files), strict=True):
            target.unlink(missing_ok=True)
            if file.exists():
                file.replace(target)
