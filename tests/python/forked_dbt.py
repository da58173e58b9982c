"""dbt in a process forked from one that has loaded what dbt and its models import.

The suite runs dbt some hundred times, and seconds of each would go into imports. A
fork is a process of its own as much as a new one: no run sees what another one did.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from pkgutil import iter_modules

from tessera import methods

# With the methods come the libraries that Python models need.
PRELOADED = [
    "dbt.cli.main",
    "dbt.adapters.duckdb",
    *(f"tessera.methods.{module.name}" for module in iter_modules(methods.__path__)),
]
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(PRELOADED)


@dataclass(frozen=True)
class Result:
    """What a dbt command said: its exit code and its log."""

    exit_code: int
    log: str


def run_dbt(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> Result:
    """Run a command of dbt, as a user would on the command line.

    Parameters
    ----------
    arguments : sequence of str
        What follows ``dbt`` on the command line.
    folder : Path
        Where dbt is to run.
    environment : mapping of str to str
        All variables that it is to see.
    """
    with tempfile.NamedTemporaryFile() as log:
        fork = _FORKS.Process(
            target=_run, args=(list(arguments), folder, dict(environment), log.name)
        )
        fork.start()
        fork.join()
        return Result(fork.exitcode, Path(log.name).read_text(encoding="utf-8"))


def _run(
    arguments: list[str], folder: Path, environment: dict[str, str], log: str
) -> None:
    """Be dbt: the exit code is that of the process."""
    # dbt keeps nearly all that it makes: looking for garbage often finds none.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    said = os.open(log, os.O_WRONLY)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["dbt", *arguments]

    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import cli

    try:
        cli()
    finally:
        # A fork ends without what is left for Python's end; this closes the warehouse.
        DuckDBConnectionManager.close_all_connections()
