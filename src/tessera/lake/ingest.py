"""The door of the lake: an export goes in through a mapping, or is refused.

A file that cannot be what its mapping says is refused as a whole. A row whose values
do not fit the contract's types is written to ``ingest.refused_rows`` with its place,
column, value and rule; dbt turns it into a quarantine row. Nothing else is judged
here: what a value means is the staging models' business.
"""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from tessera.errors import TesseraError
from tessera.lake.contracts import Column, Contract
from tessera.lake.exports import (
    UnreadableRow,
    export_columns,
    open_export,
    reshape_export,
)
from tessera.lake.layout import (
    initialise_lake,
    partition_folder,
    quote_text,
    write_parquet,
)
from tessera.lake.mappings import ColumnMapping, Mapping, TableMapping, read_mapping

LOADS = "ingest.loads"
REFUSED_ROWS = "ingest.refused_rows"

# A time followed by Z or by an offset from UTC.
OFFSET = r":\d{2}(\.\d+)?\s*(Z|[-+]\d{2}(:?\d{2})?)$"

# An amount with a decimal comma; points, spaces and thin spaces mark thousands only.
THOUSANDS_MARK = r"[.\s\x{00A0}\x{202F}]"
DECIMAL_COMMA = r"[-+]?(\d+|\d{1,3}([.\s\x{00A0}\x{202F}]\d{3})+)(,\d*)?"


@dataclass(frozen=True)
class Load:
    """What became of one file in one table.

    Parameters
    ----------
    contract : Contract
        The table.
    file_name : str
        The export.
    rows_in, rows_refused : int
        Rows that the mapping made of it, and how many of them were refused.
    already_loaded_on : date, optional
        Day the same file came in before through the same mapping; nothing was
        written then.
    """

    contract: Contract
    file_name: str
    rows_in: int
    rows_refused: int
    already_loaded_on: date | None = None


def ingest(
    mapping_path: Path,
    exports: list[Path],
    *,
    lake: Path,
    contracts: dict[str, Contract],
    loaded_on: date,
    report: Callable[[Load], None] = lambda load: None,
) -> list[Load]:
    """Load exports into the lake.

    Parameters
    ----------
    mapping_path : Path
        The mapping file.
    exports : list of Path
        Files of the inputs that the mapping names.
    lake : Path
        Root of the lake; laid out when it is not.
    contracts : dict of str to Contract
        As `read_contracts` returns.
    loaded_on : date
        Day that the partition is named by.
    report : callable, optional
        Told of each load as it ends.

    Returns
    -------
    list of Load
        One per file and table, in the order they were written. A file that came in
        before through the same mapping is left as it is, so the command can be run
        twice.

    Raises
    ------
    TesseraError
        If a file or the mapping is refused. Every file is checked against the
        mapping before the first is written.
    """
    mapping = read_mapping(mapping_path, contracts)
    exports_by_input = [(export, mapping.input_of(export)) for export in exports]
    initialise_lake(lake, contracts)
    loads = []
    with connect() as connection:
        for export, input_name in exports_by_input:
            _open_input(connection, mapping, export, input_name)
            for table in _tables_of(connection, mapping, input_name):
                _check_expressions(connection, mapping, table, export)
        for export, input_name in exports_by_input:
            content_hash = _hash_of(export, mapping.path)
            unreadable = _open_input(connection, mapping, export, input_name)
            for table in _tables_of(connection, mapping, input_name):
                load = _load_table(
                    connection, table, export, unreadable, content_hash,
                    lake=lake, contracts=contracts, loaded_on=loaded_on,
                )  # fmt: skip
                report(load)
                loads.append(load)
    return loads


def connect() -> duckdb.DuckDBPyConnection:
    """Open a connection that reads times without a zone as UTC."""
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    return connection


def _open_input(
    connection: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    export: Path,
    input_name: str,
) -> list[UnreadableRow]:
    """Open a file as its input wants it, reshaped where the mapping says so."""
    unreadable = open_export(connection, export)
    kind = mapping.inputs[input_name]
    place = f"{export.name}: {mapping.path.name}: inputs.{input_name}"
    columns = ", ".join(export_columns(connection))
    try:
        reshape_export(connection, export.name, sql=kind.sql, optional=kind.optional)
    except TesseraError as error:
        raise TesseraError(f"{place}: {error}") from error
    except (
        duckdb.BinderException,
        duckdb.CatalogException,
        duckdb.ParserException,
    ) as error:
        reason = str(error).splitlines()[0]
        raise TesseraError(
            f"{place}: `sql` cannot be read from this file ({reason}). "
            f"The file has the columns {columns}."
        ) from error
    except duckdb.Error as error:
        # What fails on a row may quote its value: only the kind of failure is said.
        raise TesseraError(
            f"{place}: `sql` fails on a row ({type(error).__name__}); use try_cast "
            "and try_strptime."
        ) from error
    return unreadable


def _tables_of(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, input_name: str
) -> Iterator[TableMapping]:
    """Tables of a mapping that the open export feeds; its columns are quoted."""
    names = set(export_columns(connection))

    def quoted(expression: str) -> str:
        doubled = expression.replace('"', '""')
        return f'"{doubled}"' if expression in names else expression

    for table in mapping.tables:
        if table.input_name == input_name:
            yield replace(
                table,
                columns={
                    name: replace(column, expression=quoted(column.expression))
                    for name, column in table.columns.items()
                },
                one_row_per=tuple(map(quoted, table.one_row_per)),
            )


def _hash_of(*paths: Path) -> str:
    """Hash the content of files, read in bounded pieces."""
    digest = hashlib.md5(usedforsecurity=False)
    for path in paths:
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    return digest.hexdigest()


def _check_expressions(
    connection: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    table: TableMapping,
    export: Path,
) -> None:
    """Refuse a mapping whose expressions the export cannot answer, naming the first."""
    parts = [("one_row_per", expression) for expression in table.one_row_per]
    parts += [("where", table.where)] if table.where else []
    parts += [(name, column.expression) for name, column in table.columns.items()]
    group = f"group by {', '.join(table.one_row_per)}" if table.one_row_per else ""
    for name, expression in parts:
        clause = "" if name != "where" else f"where {expression}"
        selected = "1" if name == "where" else expression
        try:
            connection.execute(
                f"select {selected} from export {clause} "
                f"{group if name in table.columns else ''} limit 0"
            )
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            expression = expression.strip('"')
            raise TesseraError(
                f"{export.name}: {mapping.path.name}: {table.contract.name}.{name}: "
                f"`{expression}` cannot be read from this file ({reason}). "
                f"The file has the columns {', '.join(export_columns(connection))}."
            ) from error


def _load_table(
    connection: duckdb.DuckDBPyConnection,
    table: TableMapping,
    export: Path,
    unreadable: list[UnreadableRow],
    content_hash: str,
    *,
    lake: Path,
    contracts: dict[str, Contract],
    loaded_on: date,
) -> Load:
    """Write one table of one export, its refused rows, and last its ledger row."""
    contract = table.contract
    name_hash = hashlib.md5(
        f"{content_hash} {contract.name}".encode(), usedforsecurity=False
    ).hexdigest()
    ending = f"{export.stem}-{name_hash[:12]}"
    all_loads = list((lake / "ingest" / "loads").glob("*/[0-9]*-*.parquet"))
    ledger = [path for path in all_loads if path.stem.partition("-")[2] == ending]
    if ledger:
        return _read_ledger(connection, ledger[0], contract)
    # The number makes the later of two loads of a day the greater.
    load_id = f"{len(all_loads) + 1:06d}-{ending}"
    # Without its ledger row, a file of this load was left by a killed run.
    for table_folder in (contract, contracts[REFUSED_ROWS]):
        for leftover in (lake / table_folder.source / table_folder.table).glob(
            f"*/[0-9]*-{glob.escape(ending)}.parquet"
        ):
            leftover.unlink()

    connection.execute(f"create or replace temp view mapped as {_mapped(table)}")
    connection.execute(f"create or replace temp view typed as {typed_rows(table)}")
    try:
        (rows_mapped,) = connection.execute("select count(*) from mapped").fetchall()[0]
        rows_kept = write_parquet(
            connection,
            _kept_rows(contract, export.name),
            partition_folder(lake, contract, loaded_on) / f"{load_id}.parquet",
        )
        rows_refused = rows_mapped - rows_kept + len(unreadable)
        if rows_refused:
            hold_unreadable(connection, unreadable)
            write_parquet(
                connection,
                refused_rows(table, load_id, export.name),
                partition_folder(lake, contracts[REFUSED_ROWS], loaded_on)
                / f"{load_id}.parquet",
            )
    except duckdb.Error as error:
        reason = type(error).__name__
        raise TesseraError(
            f"{export.name}: {contract.name}: an expression of the mapping fails on a "
            f"row ({reason}). Write `column` with `format` or `decimal`, or try_cast "
            "and try_strptime, and rows that do not fit are set aside one by one."
        ) from error
    rows_in = rows_mapped + len(unreadable)
    write_ledger(
        connection, partition_folder(lake, contracts[LOADS], loaded_on), load_id,
        Load(contract, export.name, rows_in, rows_refused), "tessera ingest",
    )  # fmt: skip
    return Load(contract, export.name, rows_in, rows_refused)


def write_ledger(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    load_id: str,
    load: Load,
    command: str,
) -> None:
    """Write the ledger row of one load.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Any connection.
    folder : Path
        Partition of ``ingest.loads``.
    load_id : str
        Key of the load, and name of the file it wrote.
    load : Load
        What came of it.
    command : str
        What wrote it.
    """
    write_parquet(
        connection,
        f"""
        select
            '{quote_text(load_id)}' as load_id,
            '{load.contract.source}' as source_name,
            '{load.contract.table}' as table_name,
            '{quote_text(load.file_name)}' as file_name,
            {load.rows_in}::bigint as rows_in,
            {load.rows_refused}::bigint as rows_refused,
            '{command}' as source_file,
            1::bigint as source_row
        """,
        folder / f"{load_id}.parquet",
    )


def _read_ledger(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract
) -> Load:
    """Read back what an earlier run wrote down of the same load."""
    file_name, rows_in, rows_refused = connection.execute(
        "select file_name, rows_in, rows_refused from read_parquet(?)", [str(path)]
    ).fetchall()[0]
    loaded_on = date.fromisoformat(path.parent.name.removeprefix("loaded_on="))
    return Load(contract, file_name, rows_in, rows_refused, loaded_on)


def _mapped(table: TableMapping) -> str:
    """Select the mapping's expressions, as they are, over the export."""
    row = "min(source_row)" if table.one_row_per else "source_row"
    columns = [
        f'{column.expression} as "{name}"' for name, column in table.columns.items()
    ]
    where = f"where {table.where}" if table.where else ""
    group = f"group by {', '.join(table.one_row_per)}" if table.one_row_per else ""
    return (
        f"select {', '.join(columns)}, {row} as source_row from export {where} {group}"
    )


def typed_rows(table: TableMapping) -> str:
    """Select every column as the contract's type, beside the value it was read from."""
    parts = ["source_row"]
    for column in table.contract.columns:
        mapping = table.columns.get(column.name)
        if mapping is None:
            parts.append(f'cast(null as {column.data_type}) as "{column.name}"')
            parts.append(f'cast(null as varchar) as "raw {column.name}"')
            continue
        text = f'''nullif(trim(cast("{column.name}" as varchar)), '')'''
        parts.append(f'{_cast(column, mapping, text)} as "{column.name}"')
        parts.append(f'{text} as "raw {column.name}"')
    return f"select {', '.join(parts)} from mapped"


def _cast(column: Column, mapping: ColumnMapping, text: str) -> str:
    """Cast a value to its contract's type, null where it does not fit."""
    data_type = column.data_type.lower()
    if data_type == "varchar":
        return text
    if data_type not in ("timestamp", "date"):
        if mapping.decimal == ",":
            return f"""
                case
                    -- The cell of a typed file is a number already.
                    when typeof("{column.name}") != 'VARCHAR'
                        then try_cast("{column.name}" as {data_type})
                    when regexp_full_match({text}, '{DECIMAL_COMMA}')
                        then try_cast(replace(
                            regexp_replace({text}, '{THOUSANDS_MARK}', '', 'g'),
                            ',',
                            '.'
                        ) as {data_type})
                end
            """
        value = f'try_cast("{column.name}" as {data_type})'
        if data_type == "bigint":
            exact = f'try_cast("{column.name}" as decimal(38, 6))'
            return f"case when {exact} = {value} then {value} end"
        if data_type == "double":
            return f"case when isfinite({value}) then {value} end"
        return value
    if mapping.format:
        # JSON and Parquet may hold a moment already: there is no text left to read.
        moment = f"""
            case
                when typeof("{column.name}") = 'DATE'
                    or typeof("{column.name}") like 'TIMESTAMP%'
                    then try_cast("{column.name}" as timestamp)
                else try_strptime({text}, '{quote_text(mapping.format)}')
            end
        """
    elif mapping.time_zone:
        moment = f'try_cast("{column.name}" as timestamp)'
        # A text with an offset says itself which zone it is in.
        zone = quote_text(mapping.time_zone)
        return f"""
            cast(case
                when regexp_matches({text}, '{OFFSET}')
                    then try_cast("{column.name}" as timestamptz) at time zone 'UTC'
                else ({moment} at time zone '{zone}') at time zone 'UTC'
            end as {data_type})
        """
    else:
        # A text with an offset is turned to UTC, one without is taken as UTC.
        moment = f'''try_cast("{column.name}" as timestamptz) at time zone 'UTC' '''
    if mapping.time_zone:
        zone = quote_text(mapping.time_zone)
        moment = f"({moment} at time zone '{zone}') at time zone 'UTC'"
    return f"cast({moment} as {data_type})"


def _kept_rows(contract: Contract, file_name: str) -> str:
    """Select the rows whose values all fit."""
    columns = ", ".join(f'"{column.name}"' for column in contract.columns)
    return f"""
        select {columns}, '{quote_text(file_name)}' as source_file, source_row
        from typed
        where not ({does_not_fit(contract)})
    """


def does_not_fit(contract: Contract) -> str:
    """Condition: some value of the row was there and could not be cast."""
    return " or ".join(
        f'("{column.name}" is null and "raw {column.name}" is not null)'
        for column in contract.columns
    )


def hold_unreadable(
    connection: duckdb.DuckDBPyConnection, unreadable: list[UnreadableRow]
) -> None:
    """Hold unreadable lines in the temporary table of that name."""
    connection.execute(
        "create or replace temp table unreadable "
        "(row_number bigint, error varchar, line varchar)"
    )
    if unreadable:
        connection.executemany(
            "insert into unreadable values (?, ?, ?)",
            [(row.row_number, row.error, row.text) for row in unreadable],
        )


def refused_rows(table: TableMapping, load_id: str, file_name: str) -> str:
    """Select the rows that do not fit, each with the first column at fault.

    In `raw_row`, what fits stands as its type reads it (UTC, decimal point), so that
    a correction needs no mapping; what does not stands as it came.
    """
    contract = table.contract
    at_fault = " ".join(
        f'''when "{column.name}" is null and "raw {column.name}" is not null then {{
            'column_name': '{column.name}',
            'value': "raw {column.name}",
            'rule': 'not_a_{column.data_type.split("(")[0].lower()}'
        }}'''
        for column in contract.columns
    )
    raw_row = ", ".join(
        f"""'{column.name}': coalesce(
            cast("{column.name}" as varchar), "raw {column.name}"
        )"""
        for column in contract.columns
    )
    return f"""
        with faults as (
            select
                source_row,
                case {at_fault} end as fault,
                to_json({{{raw_row}}})::varchar as raw_row
            from typed
            where {does_not_fit(contract)}
            union all
            select
                row_number,
                {{'column_name': null, 'value': error, 'rule': 'unreadable_row'}},
                to_json({{'line': line}})::varchar
            from unreadable
        )
        select
            '{quote_text(load_id)}' as load_id,
            '{contract.source}' as source_name,
            '{contract.table}' as table_name,
            '{quote_text(file_name)}' as file_name,
            source_row as row_number,
            fault.column_name as column_name,
            fault.value as value,
            fault.rule as rule,
            raw_row,
            '{quote_text(file_name)}' as source_file,
            source_row
        from faults
    """
