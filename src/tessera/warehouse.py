"""The working warehouse file, opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from tessera.errors import TesseraError


def open_warehouse(path: Path, *, writable: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a warehouse.

    Parameters
    ----------
    path : Path
        The DuckDB file that ``dbt build`` made.
    writable : bool, optional
        Whether to open it for writing; it is then made when absent.

    Returns
    -------
    duckdb.DuckDBPyConnection
        To be closed by the caller.

    Raises
    ------
    TesseraError
        If there is no such file, or it is in use by a build.
    """
    with _explained(path, may_be_absent=writable):
        return duckdb.connect(str(path), read_only=not writable)


def attach_warehouse(
    connection: duckdb.DuckDBPyConnection, path: Path, catalogue: str
) -> None:
    """Attach a warehouse read-only to a connection that may write elsewhere.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Any connection.
    path : Path
        The DuckDB file that ``dbt build`` made.
    catalogue : str
        Name to attach it under.

    Raises
    ------
    TesseraError
        If there is no such file, or it is in use by a build.
    """
    with _explained(path):
        connection.execute(f"attach {sql_text(path)} as {catalogue} (read_only)")


def sql_text(value: object) -> str:
    """Write a value as a literal of SQL text.

    Parameters
    ----------
    value : object
        Anything with a text form; None gives ``null``.

    Returns
    -------
    str
        The literal, quotes included.

    Examples
    --------
    >>> print(sql_text("the person's key"), sql_text(None))
    'the person''s key' null
    """
    return "null" if value is None else "'" + str(value).replace("'", "''") + "'"


@contextmanager
def _explained(path: Path, *, may_be_absent: bool = False) -> Iterator[None]:
    """Turn DuckDB's errors on opening into what to do."""
    if not may_be_absent and not path.is_file():
        raise TesseraError(f"{path}: there is no warehouse yet: run `dbt build`.")
    try:
        yield
    except duckdb.IOException as error:
        raise TesseraError(
            f"{path}: cannot be opened, perhaps because a build is running: "
            f"{str(error).splitlines()[0]}"
        ) from error
