"""Out of the quarantine, and back through the door.

`export_quarantine` writes the quarantined rows as CSV, one file a table, for a person
to correct. `replay_quarantine` reads the corrected files: a row that now fits its
contract comes into the lake as a row of a new load, under the file and row number it
first came with, and ``ingest.replayed_rows`` notes that it stands in for the old one.
The old row is history: staging no longer reads it, the quarantine still shows it.

Rows are told by their address, load and row number, never by their key: a key may be
what was wrong.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from tessera.errors import TesseraError
from tessera.lake.contracts import Contract
from tessera.lake.exports import export_columns, open_export
from tessera.lake.ingest import (
    LOADS,
    REFUSED_ROWS,
    Load,
    connect,
    does_not_fit,
    hold_unreadable,
    refused_rows,
    typed_rows,
    write_ledger,
)
from tessera.lake.layout import (
    EMPTY_PARTITION,
    initialise_lake,
    partition_folder,
    quote_text,
    write_parquet,
)
from tessera.lake.mappings import ColumnMapping, TableMapping

REPLAYED_ROWS = "ingest.replayed_rows"

# How the warehouse names the load of a file: by its day and its name.
LOAD_ID = "regexp_extract(filename, 'loaded_on=(.+)[.]parquet$', 1)"

# Columns that open every file of the quarantine: the row's address, and its fault.
# A person leaves them as they are; only the contract's columns are read as values.
ADDRESS = ("table", "load_id", "file", "row")
FAULT = ("column", "value", "rule", "reason", "remedy")


@dataclass(frozen=True)
class ExportedTable:
    """The open quarantined rows of one table, written down.

    Parameters
    ----------
    contract : Contract
        The table.
    path : Path
        The CSV file, readable by its owner alone.
    row_count : int
        Its rows.
    """

    contract: Contract
    path: Path
    row_count: int


@dataclass(frozen=True)
class Refusal:
    """A row of a corrected file that stays in the quarantine.

    Parameters
    ----------
    row_number : int
        Row of the corrected file, counted from 1 below the header.
    column_name : str or None
        First column that does not fit; None when it is not about a column.
    rule : str
        ``not_a_…`` when a value does not fit its type; ``unreadable_row``;
        ``not_in_quarantine`` when no quarantined row has the address;
        ``address_twice`` when an earlier row of the file has it.
    """

    row_number: int
    column_name: str | None
    rule: str


@dataclass(frozen=True)
class Replay:
    """What became of one corrected file.

    Parameters
    ----------
    contract : Contract
        The table.
    file_name : str
        The corrected file.
    loads : tuple of Load
        What came into the lake, one load for each load that is corrected.
    unchanged : int
        Rows that nobody corrected; they stay in the quarantine.
    replayed_before : int
        Rows that came in by an earlier replay.
    refusals : tuple of Refusal
        Rows that still do not fit, in the order of the file.
    """

    contract: Contract
    file_name: str
    loads: tuple[Load, ...]
    unchanged: int
    replayed_before: int
    refusals: tuple[Refusal, ...]

    @property
    def replayed(self) -> int:
        """Rows that came into the lake."""
        return sum(load.rows_in for load in self.loads)


def export_quarantine(
    folder: Path,
    *,
    warehouse: Path,
    lake: Path,
    contracts: dict[str, Contract],
) -> list[ExportedTable]:
    """Write the open quarantined rows as CSV, one file a table.

    Parameters
    ----------
    folder : Path
        Where to; made if it is not there, for its owner alone.
    warehouse : Path
        The DuckDB file that `dbt build` made.
    lake : Path
        Root of the lake.
    contracts : dict of str to Contract
        As `read_contracts` returns.

    Returns
    -------
    list of ExportedTable
        In alphabetical order of the tables; those without open rows are left out.
        The values stand as the contract reads them (UTC, decimal point), the one at
        fault as it came. The files hold personal data: mode 0600.

    Raises
    ------
    TesseraError
        If the warehouse cannot be read, or a file is there already, which may hold
        somebody's corrections.
    """
    exported = []
    with connect() as connection:
        _read_quarantine(connection, warehouse, lake)
        names = connection.execute(
            "select distinct source_name || '.' || table_name as name "
            "from quarantine where not is_replayed order by name"
        ).fetchall()
        tables = [contracts[name] for (name,) in names if name in contracts]
        paths = {table.name: folder / f"{table.name}.csv" for table in tables}
        for path in paths.values():
            if path.exists():
                raise TesseraError(
                    f"{path}: is there already and may hold corrections; replay it "
                    "and move it away, or export to another folder."
                )
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for contract in tables:
            _read_raw_rows(connection, lake, contract, contracts)
            rows = connection.execute(
                f"""
                select
                    '{contract.name}', load_id, file_name, row_number,
                    column_name, {_value_at_fault(contract)}, rule, reason, remedy,
                    {_columns(contract)}
                from quarantine
                inner join raw_rows using (load_id, row_number)
                where not is_replayed and {_is_of(contract)}
                order by file_name, load_id, row_number
                """
            ).fetchall()
            header = [*ADDRESS, *FAULT, *(column.name for column in contract.columns)]
            _write_private_csv(paths[contract.name], header, rows)
            exported.append(ExportedTable(contract, paths[contract.name], len(rows)))
    return exported


def replay_quarantine(
    files: list[Path],
    *,
    warehouse: Path,
    lake: Path,
    contracts: dict[str, Contract],
    loaded_on: date,
    report: Callable[[Replay], None] = lambda replay: None,
) -> list[Replay]:
    """Put corrected rows back through the door of the lake.

    Parameters
    ----------
    files : list of Path
        Files of `export_quarantine`, corrected; CSV, or saved as Excel.
    warehouse : Path
        The DuckDB file that `dbt build` made: only what is in its quarantine may
        come back.
    lake : Path
        Root of the lake.
    contracts : dict of str to Contract
        As `read_contracts` returns.
    loaded_on : date
        Day that the partition is named by.
    report : callable, optional
        Told of each file as it ends.

    Returns
    -------
    list of Replay
        One per file. Types are judged as `ingest` judges them; every other rule
        waits for the next `dbt build`, where a row that breaks one is quarantined
        anew, under its new load. A file that is replayed again changes nothing.

    Raises
    ------
    TesseraError
        If a file is not of the quarantine or the warehouse cannot be read. Every
        file is checked before the first row is written.
    """
    initialise_lake(lake, contracts)
    replays = []
    with connect() as connection:
        _read_quarantine(connection, warehouse, lake)
        for file in files:
            open_export(connection, file)
            _contract_of(connection, file, contracts)
        for file in files:
            replay = _replay_file(
                connection, file, lake=lake, contracts=contracts, loaded_on=loaded_on
            )
            report(replay)
            replays.append(replay)
            # The next file may name the same rows.
            _read_quarantine(connection, warehouse, lake)
    return replays


def _read_quarantine(
    connection: duckdb.DuckDBPyConnection, warehouse: Path, lake: Path
) -> None:
    """Hold the warehouse's quarantine, with what the lake knows of replays."""
    if not warehouse.is_file():
        raise TesseraError(f"{warehouse.name}: no warehouse yet: run `dbt build`.")
    replayed = f"{quote_text(lake)}/ingest/replayed_rows/*/*.parquet"
    try:
        connection.execute(f"attach '{quote_text(warehouse)}' as warehouse (read_only)")
        connection.execute(
            """
            create or replace temp table quarantine as
            select
                source_name, table_name, load_id, loaded_on, file_name, row_number,
                column_name, rule, reason, remedy, false as is_replayed
            from warehouse.marts.fct_quarantined_rows
            """
        )
        connection.execute("detach warehouse")
    except duckdb.CatalogException as error:
        raise TesseraError(
            f"{warehouse.name}: has no fct_quarantined_rows yet: run `dbt build`."
        ) from error
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise TesseraError(f"{warehouse.name}: cannot be read: {reason}") from error
    if any(lake.glob("ingest/replayed_rows/*/*.parquet")):
        connection.execute(
            f"""
            update quarantine set is_replayed = true
            from read_parquet('{replayed}') as replayed_rows
            where
                quarantine.source_name = replayed_rows.source_name
                and quarantine.table_name = replayed_rows.table_name
                and quarantine.load_id = replayed_rows.quarantined_load_id
                and quarantine.row_number = replayed_rows.row_number
            """
        )


def _read_raw_rows(
    connection: duckdb.DuckDBPyConnection,
    lake: Path,
    contract: Contract,
    contracts: dict[str, Contract],
) -> None:
    """Hold the quarantined rows of one table as they are in the lake, as text.

    A row that a rule set aside is in its table; one that the door refused is in
    ``ingest.refused_rows``.
    """
    loads = connection.execute(
        f"select distinct load_id from quarantine where {_is_of(contract)}"
    ).fetchall()
    # The empty file knows every column, whoever wrote the others.
    files = [partition_folder(lake, contract, EMPTY_PARTITION) / "empty.parquet"]
    files_of_refused = [
        partition_folder(lake, contracts[REFUSED_ROWS], EMPTY_PARTITION)
        / "empty.parquet"
    ]
    for (load_id,) in loads:
        # The warehouse names a load by its day and its file.
        for part, found in (
            (contract, files),
            (contracts[REFUSED_ROWS], files_of_refused),
        ):
            path = lake / part.source / part.table / f"loaded_on={load_id}.parquet"
            found += [path] if path.is_file() else []
    texts = ", ".join(
        f"""nullif(trim(cast("{column.name}" as varchar)), '') as "{column.name}\""""
        for column in contract.columns
    )
    json_texts = ", ".join(
        f"""raw_row ->> '$."{column.name}"' as "{column.name}\""""
        for column in contract.columns
    )
    connection.execute(
        f"""
        create or replace temp table raw_rows as
        with addresses as (
            select load_id, row_number from quarantine where {_is_of(contract)}
        ),
        rows_of_table as (
            select
                {LOAD_ID} as load_id,
                coalesce(source_row, file_row_number + 1) as row_number,
                false as was_refused,
                cast(null as varchar) as unreadable_line,
                {texts}
            from read_parquet(
                {_list(files)},
                union_by_name = true, filename = true, file_row_number = true
            )
        ),
        rows_refused as (
            select
                {LOAD_ID} as load_id, row_number, true as was_refused,
                raw_row ->> '$.line' as unreadable_line,
                {json_texts}
            from read_parquet(
                {_list(files_of_refused)}, union_by_name = true, filename = true
            )
            where {_is_of(contract)}
        )
        from rows_of_table semi join addresses using (load_id, row_number)
        union all by name
        from rows_refused semi join addresses using (load_id, row_number)
        """
    )


def _contract_of(
    connection: duckdb.DuckDBPyConnection, file: Path, contracts: dict[str, Contract]
) -> Contract:
    """Table that the open file corrects; a file of something else is refused."""
    columns = export_columns(connection)
    if "table" not in columns:
        raise TesseraError(
            f"{file.name}: has no column `table`; this is no file of `tessera "
            "quarantine export`."
        )
    tables = connection.execute(
        """select distinct trim("table") from export where "table" is not null"""
    ).fetchall()
    names = sorted(name for (name,) in tables)
    if len(names) != 1 or names[0] not in contracts:
        raise TesseraError(
            f"{file.name}: the column `table` should name one table of the lake on "
            "every row, as the export wrote it."
        )
    contract = contracts[names[0]]
    missing = [
        name
        for name in (*ADDRESS, *(column.name for column in contract.columns))
        if name not in columns
    ]
    if missing:
        raise TesseraError(
            f"{file.name}: the columns {', '.join(missing)} of the export are missing; "
            "a value is corrected, a column stays."
        )
    return contract


def _replay_file(
    connection: duckdb.DuckDBPyConnection,
    file: Path,
    *,
    lake: Path,
    contracts: dict[str, Contract],
    loaded_on: date,
) -> Replay:
    """Sort the rows of one corrected file, and write those that come back."""
    unreadable = open_export(connection, file)
    contract = _contract_of(connection, file, contracts)
    _read_raw_rows(connection, lake, contract, contracts)
    _judge_addresses(connection, contract)
    table = TableMapping(
        contract=contract,
        input_name="corrected",
        columns={
            column.name: ColumnMapping(f'"{column.name}"')
            for column in contract.columns
        },
    )
    connection.execute(
        f"create or replace temp view mapped as "
        f"select {_columns(contract)}, place as source_row "
        "from corrected where verdict = 'open'"
    )
    connection.execute(f"create or replace temp view typed as {typed_rows(table)}")
    hold_unreadable(connection, unreadable)
    _mark_unchanged(connection, contract)
    refusals = connection.execute(
        f"""
        select row_number, column_name, rule
        from ({refused_rows(table, "", file.name)})
        where row_number not in (select place from unchanged)
        union all
        select place, null, verdict from corrected
        where verdict in ('not_in_quarantine', 'address_twice')
        order by 1
        """
    ).fetchall()
    connection.execute(
        f"""
        create or replace temp table coming_back as
        with fitting as (
            select source_row as place from typed where not ({does_not_fit(contract)})
        )
        select load_id, row_number, place
        from corrected
        semi join fitting using (place)
        anti join unchanged using (place)
        """
    )
    loads = connection.execute(
        "select load_id, list(row_number order by row_number) "
        "from coming_back group by load_id order by load_id"
    ).fetchall()
    written = [
        _write_load(
            connection,
            contract,
            file,
            load_id,
            rows,
            lake=lake,
            contracts=contracts,
            loaded_on=loaded_on,
        )
        for load_id, rows in loads
    ]
    (unchanged,) = connection.execute("select count(*) from unchanged").fetchall()[0]
    (before,) = connection.execute(
        "select count(*) from corrected where verdict = 'replayed_before'"
    ).fetchall()[0]
    return Replay(
        contract=contract,
        file_name=file.name,
        loads=tuple(written),
        unchanged=unchanged,
        replayed_before=before,
        refusals=tuple(Refusal(*row) for row in refusals),
    )


def _judge_addresses(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Hold the open file's rows as `corrected`, each with what its address says."""
    connection.execute(
        f"""
        create or replace temp table corrected as
        with addressed as (
            select
                source_row as place,
                trim("load_id") as load_id,
                try_cast("row" as bigint) as row_number,
                {_columns(contract)}
            from export
        )
        select
            addressed.*,
            case
                when quarantine.load_id is null then 'not_in_quarantine'
                when row_number() over (
                    partition by addressed.load_id, addressed.row_number
                    order by addressed.place
                ) > 1 then 'address_twice'
                when quarantine.is_replayed then 'replayed_before'
                else 'open'
            end as verdict
        from addressed
        left join quarantine
            on
                addressed.load_id = quarantine.load_id
                and addressed.row_number = quarantine.row_number
                and {_is_of(contract)}
        """
    )


def _mark_unchanged(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Hold the places of the rows that say what the quarantined row says."""
    same = " and ".join(
        f"""coalesce(cast(typed."{column.name}" as varchar), typed."raw {column.name}")
        is not distinct from raw_rows."{column.name}\""""
        for column in contract.columns
    )
    connection.execute(
        f"""
        create or replace temp table unchanged as
        select typed.source_row as place
        from typed
        inner join corrected on typed.source_row = corrected.place
        inner join raw_rows
            on
                corrected.load_id = raw_rows.load_id
                and corrected.row_number = raw_rows.row_number
        where {same}
        """
    )


def _write_load(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    file: Path,
    quarantined_load_id: str,
    rows: list[int],
    *,
    lake: Path,
    contracts: dict[str, Contract],
    loaded_on: date,
) -> Load:
    """Write the corrections of one load; the note of the replay comes last.

    Without the note nothing was replayed, and what a killed run left is replaced: the
    same rows of the same load always make the same name.
    """
    address = f"{contract.name} {quarantined_load_id} {rows}"
    digest = hashlib.md5(address.encode(), usedforsecurity=False).hexdigest()
    ending = f"replay-{digest[:12]}"
    for part in (contract, contracts[LOADS], contracts[REPLAYED_ROWS]):
        for leftover in (lake / part.source / part.table).glob(
            f"*/[0-9]*-{ending}.parquet"
        ):
            leftover.unlink()
    number = len(list((lake / "ingest" / "loads").glob("*/[0-9]*-*.parquet"))) + 1
    load_id = f"{number:06d}-{ending}"

    def path_in(part: Contract) -> Path:
        return partition_folder(lake, part, loaded_on) / f"{load_id}.parquet"

    of_load = f"load_id = '{quote_text(quarantined_load_id)}'"
    count = write_parquet(
        connection,
        f"""
        select
            {_columns(contract, "typed.")},
            quarantine.file_name as source_file,
            coming_back.row_number as source_row
        from coming_back
        inner join typed on coming_back.place = typed.source_row
        inner join quarantine
            on
                coming_back.load_id = quarantine.load_id
                and coming_back.row_number = quarantine.row_number
        where coming_back.{of_load} and {_is_of(contract)}
        """,
        path_in(contract),
    )
    load = Load(contract, file.name, count, 0)
    write_ledger(
        connection, path_in(contracts[LOADS]).parent, load_id, load,
        "tessera quarantine replay",
    )  # fmt: skip
    write_parquet(
        connection,
        f"""
        select
            quarantine.source_name,
            quarantine.table_name,
            quarantine.load_id as quarantined_load_id,
            quarantine.row_number,
            quarantine.loaded_on as quarantined_on,
            quarantine.file_name,
            quarantine.column_name,
            {_value_at_fault(contract)} as value,
            quarantine.rule,
            raw_rows.was_refused,
            '{loaded_on}/{load_id}' as replayed_by_load_id,
            '{quote_text(file.name)}' as source_file,
            coming_back.place as source_row
        from coming_back
        inner join quarantine using (load_id, row_number)
        inner join raw_rows using (load_id, row_number)
        where coming_back.{of_load} and {_is_of(contract)}
        """,
        path_in(contracts[REPLAYED_ROWS]),
    )
    return load


def _write_private_csv(path: Path, header: list[str], rows: list[tuple]) -> None:
    """Write a CSV file that its owner alone may read, as Excel reads accents."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def _is_of(contract: Contract) -> str:
    """Condition: a row of the quarantine belongs to this table."""
    return f"source_name = '{contract.source}' and table_name = '{contract.table}'"


def _columns(contract: Contract, prefix: str = "") -> str:
    """Columns of a contract, quoted, for a select list."""
    return ", ".join(f'{prefix}"{column.name}"' for column in contract.columns)


def _value_at_fault(contract: Contract) -> str:
    """Expression: the value at fault as it came, or the line nobody could read."""
    cases = " ".join(
        f"""when '{column.name}' then raw_rows."{column.name}\""""
        for column in contract.columns
    )
    return (
        f"case when column_name is null then unreadable_line "
        f"else case column_name {cases} end end"
    )


def _list(files: list[Path]) -> str:
    """List of paths as SQL."""
    return "[" + ", ".join(f"'{quote_text(file)}'" for file in files) + "]"
