"""What stands between the warehouse and its readers: a whole build and its gates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from tessera.errors import TesseraError


class PublicationRefusedError(TesseraError):
    """The build may not be published; what was published before stays."""


@dataclass(frozen=True)
class Gate:
    """One row of ``marts.fct_gate_results``.

    Parameters
    ----------
    gate, subject : str
        What was checked, and on what: a table, a source or a segmentation.
    passed : bool
        Whether the figure keeps to the limit.
    is_blocking : bool
        Whether a failure keeps the build from being published.
    figure, limit : float or None
        The figure and the most it may be; null where there is nothing to compare.
    reason : str
        A sentence.
    """

    gate: str
    subject: str
    passed: bool
    is_blocking: bool
    figure: float | None
    limit: float | None
    reason: str


@dataclass(frozen=True)
class Build:
    """A whole build whose gates were asked.

    Parameters
    ----------
    build_id : str
        Night and the head of dbt's invocation id: ``2024-06-30-1a2b3c4d``.
    as_of_date : datetime.date
        The night it was built for.
    gates : tuple of Gate
        Every check, in the order of gate and subject.
    """

    build_id: str
    as_of_date: date
    gates: tuple[Gate, ...]


def read_build(connection: duckdb.DuckDBPyConnection, catalogue: str) -> Build:
    """Read which build a warehouse holds, and make sure that it is a whole one.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Has the warehouse attached.
    catalogue : str
        Name that the warehouse is attached under.

    Returns
    -------
    Build
        With its gates, whether they passed or not.

    Raises
    ------
    PublicationRefusedError
        If there was no build, or the last command built only a part or did not come
        to the gates: then the marts may be of two nights.
    """
    try:
        ((started, is_whole),) = connection.execute(
            f"select invocation_id, is_whole from {catalogue}.main.last_run_started"
        ).fetchall()
        rows = connection.execute(
            f"""
            select
                invocation_id, as_of_date, gate, subject, passed, is_blocking,
                figure, limit_value, reason
            from {catalogue}.marts.fct_gate_results
            order by gate, subject
            """
        ).fetchall()
    except duckdb.CatalogException as error:
        raise PublicationRefusedError(
            "nothing to publish: the gates were never asked: run `dbt build`."
        ) from error
    if not is_whole or {invocation_id for invocation_id, *_ in rows} != {started}:
        raise PublicationRefusedError(
            "the last dbt command built only a part or failed on its way, so the marts "
            "may be of two nights: run a whole `dbt build`, then publish again."
        )
    as_of_date = rows[0][1]
    return Build(
        build_id=f"{as_of_date}-{started[:8]}",
        as_of_date=as_of_date,
        gates=tuple(Gate(*row[2:]) for row in rows),
    )


def refuse_failed(gates: Sequence[Gate]) -> None:
    """Raise when a blocking gate has failed.

    Parameters
    ----------
    gates : sequence of Gate
        Of one build.

    Raises
    ------
    PublicationRefusedError
        Names every blocking gate that failed, with its reason.

    Examples
    --------
    >>> refuse_failed([Gate("unique_keys", "dim_persons", True, True, 0, 0, "")])
    """
    failed = [gate for gate in gates if gate.is_blocking and not gate.passed]
    if failed:
        lines = [f"  {gate.gate} ({gate.subject}): {gate.reason}" for gate in failed]
        raise PublicationRefusedError(
            "not published, what was published before stays; these gates failed:\n"
            + "\n".join(lines)
            + "\nMend the data, or move the limit in seeds/gates.csv, and build again."
        )
