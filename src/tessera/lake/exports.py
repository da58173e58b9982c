"""Exports as they come: CSV, Parquet, JSON and Excel, opened as one table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from tessera.errors import TesseraError
from tessera.lake.layout import quote_text

# First bytes that tell a format, whatever the file is called.
SIGNATURES = {
    b"PAR1": "parquet",
    b"PK\x03\x04": "xlsx",
    b"\xd0\xcf\x11\xe0": "xls",
    b"\x1f\x8b": "gzip",
    b"{": "json",
    b"[": "json",
    b"<": "html or xml",
    b"%PDF": "pdf",
}
TEXT_FORMATS = {"csv", "json"}
FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".xlsx": "xlsx",
    ".xls": "xls",
}


@dataclass(frozen=True)
class UnreadableRow:
    """A line of a CSV file that has not the columns of its header.

    Parameters
    ----------
    row_number : int
        Row counted from 1 below the header.
    error : str
        What is wrong with it, as the reader says.
    text : str
        The line.
    """

    row_number: int
    error: str
    text: str


def open_export(
    connection: duckdb.DuckDBPyConnection, path: Path
) -> list[UnreadableRow]:
    """Open a file as the table ``export``, with its rows numbered.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A connection of its own; ``export`` replaces what it held before.
    path : Path
        A CSV, Parquet, JSON or Excel file; ``.csv.gz`` and ``.json.gz`` too. Texts
        of CSV and Excel stay texts, so leading zeros survive; blank cells are null.

    Returns
    -------
    list of UnreadableRow
        Lines of a CSV file that are not in ``export``. Empty for other formats,
        whose files are read wholly or refused.

    Raises
    ------
    TesseraError
        If there is no such file, its content is not what its ending says, or it
        cannot be read.
    """
    if not path.is_file():
        raise TesseraError(f"{path}: there is no such file.")
    readers = {
        "csv": _open_csv,
        "parquet": _open_parquet,
        "json": _open_json,
        "xlsx": _open_excel,
        "xls": _open_excel,
    }
    export_format = _format_of(path)
    _drop_export(connection)
    try:
        unreadable = readers[export_format](connection, path)
    except TesseraError:
        raise
    except Exception as error:
        reason = str(error).splitlines()[0]
        raise TesseraError(
            f"{path.name}: cannot be read as {export_format}: {reason}"
        ) from error
    return unreadable


def reshape_export(
    connection: duckdb.DuckDBPyConnection,
    file_name: str,
    *,
    sql: str | None = None,
    optional: tuple[str, ...] = (),
) -> None:
    """Put the rows of a select in the place of the open export's.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Where `open_export` opened the file.
    file_name : str
        What the select reads as ``source_file``.
    sql : str, optional
        A select over ``export``. Default: the rows as they are.
    optional : tuple of str
        Columns that are added as nulls where the export lacks them, whatever the
        case of their letters.

    Raises
    ------
    duckdb.Error
        If the export cannot answer the select.
    TesseraError
        If the rows have no ``source_row``, or two have the same.
    """
    there = {name.lower() for name in export_columns(connection)}
    missing = [name for name in optional if name.lower() not in there]
    if not (sql or missing):
        return
    nulls = "".join(
        ', null::varchar as "{}"'.format(name.replace('"', '""')) for name in missing
    )
    connection.execute(
        f"""
        create or replace temp table reshaped as
        with export as (
            select *, '{quote_text(file_name)}' as source_file{nulls} from export
        )
        select * from ({sql or "select * exclude (source_file) from export"})
        """
    )
    _drop_export(connection)
    connection.execute("alter table reshaped rename to export")
    try:
        clash = connection.execute(
            "select source_row from export group by source_row "
            "having count(*) > 1 or source_row is null order by source_row limit 1"
        ).fetchall()
    except duckdb.BinderException:
        raise TesseraError("`sql` should select `source_row` too.") from None
    if clash:
        raise TesseraError(
            f"`sql` gives several rows the source_row {clash[0][0]}; number them "
            "apart, as in `source_row * 1000 + position as source_row`."
        )


def _drop_export(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop what is open: a view for Parquet where it lies, else a table."""
    kinds = connection.execute(
        "select table_type from information_schema.tables where table_name = 'export'"
    ).fetchall()
    for (kind,) in kinds:
        connection.execute(f"drop {'view' if kind == 'VIEW' else 'table'} export")


def export_columns(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Names of the open export's own columns, in order."""
    rows = connection.execute("describe export").fetchall()
    return [row[0] for row in rows if row[0] != "source_row"]


def _format_of(path: Path) -> str:
    """Format by the file's ending, held against its first bytes."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    compressed = bool(suffixes) and suffixes[-1] == ".gz"
    ending = suffixes[-2] if compressed and len(suffixes) > 1 else path.suffix.lower()
    expected = FORMATS.get(ending)
    if expected is None:
        raise TesseraError(
            f"{path.name}: unknown ending; there are {', '.join(FORMATS)}, "
            "and .csv.gz and .json.gz."
        )
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise TesseraError(f"{path.name}: the file is empty.")
    found = _format_by_content(head)
    wanted = "gzip" if compressed else expected
    is_same = found == wanted or (found is None and wanted in TEXT_FORMATS)
    if not is_same:
        raise TesseraError(
            f"{path.name}: the ending says {wanted}, the content "
            f"{'looks like ' + found if found else 'does not'}. "
            "Export it again, or give the file the ending of what it is."
        )
    return expected


def _format_by_content(head: bytes) -> str | None:
    """Format that the first bytes of a file tell, None for plain text."""
    stripped = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for signature, name in SIGNATURES.items():
        if stripped.startswith(signature):
            return name
    return "binary data" if b"\x00" in head else None


def _open_csv(connection: duckdb.DuckDBPyConnection, path: Path) -> list[UnreadableRow]:
    """Read a CSV file; lines that do not fit its header are returned, not lost."""
    connection.execute("drop table if exists reject_errors")
    connection.execute("drop table if exists reject_scans")
    connection.execute(
        f"""
        create temp table export as
        select row_number() over () as source_row, *
        from read_csv(
            '{quote_text(path)}',
            header = true, all_varchar = true, store_rejects = true, rejects_limit = 0
        )
        """
    )
    rejects = connection.execute(
        """
        select line - 1, string_agg(error_type::varchar, ', '), any_value(csv_line)
        from reject_errors
        group by line
        order by line
        """
    ).fetchall()
    if rejects:
        # Both kinds of line are numbered together, as they stand in the file.
        connection.execute(
            """
            create or replace temp table export as
            with unreadable as (
                select line - 1 - row_number() over (order by line) as rows_before
                from (select distinct line from reject_errors)
            )
            select
                source_row + (
                    select count(*) from unreadable where rows_before < source_row
                ) as source_row,
                * exclude (source_row)
            from export
            """
        )
    return [UnreadableRow(*row) for row in rejects]


def _open_parquet(
    connection: duckdb.DuckDBPyConnection, path: Path
) -> list[UnreadableRow]:
    """Read a Parquet file where it lies."""
    connection.execute(
        f"""
        create temp view export as
        select file_row_number + 1 as source_row, * exclude (file_row_number)
        from read_parquet('{quote_text(path)}', file_row_number = true)
        """
    )
    return []


def _open_json(
    connection: duckdb.DuckDBPyConnection, path: Path
) -> list[UnreadableRow]:
    """Read a JSON file: an array of objects, or an object a line."""
    connection.execute(
        f"""
        create temp table export as
        select row_number() over () as source_row, *
        from read_json('{quote_text(path)}', sample_size = -1)
        """
    )
    return []


def _open_excel(
    connection: duckdb.DuckDBPyConnection, path: Path
) -> list[UnreadableRow]:
    """Read the first sheet of a workbook; its first row names the columns."""
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    if not rows:
        raise TesseraError(f"{path.name}: the first sheet is empty.")
    header = [str(name).strip() for name in rows[0]]
    blank = [number for number, name in enumerate(header, start=1) if not name]
    if blank:
        raise TesseraError(
            f"{path.name}: column {blank[0]} of the first row has no name; the first "
            "row of the first sheet should name the columns."
        )
    twice = [name for name in header if header.count(name) > 1]
    if twice:
        raise TesseraError(
            f"{path.name}: two columns of the first row are named {twice[0]}."
        )
    cells = {
        name: pa.array([_cell_text(row[index]) for row in rows[1:]], pa.string())
        for index, name in enumerate(header)
    }
    sheet = pa.table(cells)
    connection.register("sheet", sheet)
    connection.execute(
        "create temp table export as select row_number() over () as source_row, * "
        "from sheet"
    )
    connection.unregister("sheet")
    return []


def _cell_text(value: object) -> str | None:
    """Text of a cell: whole numbers without a decimal part, times as ISO 8601."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    isoformat = getattr(value, "isoformat", None)
    return isoformat() if isoformat else str(value)
