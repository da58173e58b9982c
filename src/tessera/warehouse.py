"""The working warehouse file, opened for readers."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tessera.errors import TesseraError


def open_warehouse(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a warehouse read-only.

    Parameters
    ----------
    path : Path
        The DuckDB file that ``dbt build`` made.

    Returns
    -------
    duckdb.DuckDBPyConnection
        To be closed by the caller.

    Raises
    ------
    TesseraError
        If there is no such file, or it is in use by a build.
    """
    if not path.is_file():
        raise TesseraError(f"{path}: there is no warehouse yet: run `dbt build`.")
    try:
        return duckdb.connect(str(path), read_only=True)
    except duckdb.IOException as error:
        raise TesseraError(
            f"{path}: cannot be opened, perhaps because a build is running: "
            f"{str(error).splitlines()[0]}"
        ) from error
