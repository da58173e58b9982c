"""Arrow columns made from NumPy arrays without passing through Python objects."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

TEXT = pa.dictionary(pa.int32(), pa.string())
AMOUNT = pa.decimal128(18, 4)
TIME = pa.timestamp("us")
DAY_MICROSECONDS = 86_400_000_000


def coded(
    codes: np.ndarray, values: list[str] | pa.Array, null: np.ndarray | None = None
) -> pa.DictionaryArray:
    """Give a text column by its codes; a negative code or a true mask is null.

    Examples
    --------
    >>> coded(np.array([1, -1]), ["a", "b"]).to_pylist()
    ['b', None]
    """
    codes = np.asarray(codes, dtype=np.int32)
    mask = codes < 0 if null is None else (codes < 0) | null
    indices = pa.array(np.where(mask, 0, codes).astype(np.int32), mask=mask)
    values = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
    return pa.DictionaryArray.from_arrays(indices, values)


def constant(value: str | None, size: int) -> pa.DictionaryArray:
    """Give a text column with one value throughout.

    Examples
    --------
    >>> constant("EUR", 2).to_pylist()
    ['EUR', 'EUR']
    """
    return coded(np.full(size, -1 if value is None else 0), [value or ""])


def numbered(prefix: str, numbers: np.ndarray, null: np.ndarray | None = None):
    """Give an identifier column: a prefix and a number, null where the mask is true.

    Examples
    --------
    >>> numbered("C", np.array([7, 8]), np.array([False, True])).to_pylist()
    ['C7', None]
    """
    digits = pa.array(numbers, mask=null).cast(pa.string())
    return joined(prefix, digits)


def joined(*parts):
    """Join texts row by row; null where any part is null.

    Examples
    --------
    >>> joined("a", pa.array(["b", None])).to_pylist()
    ['ab', None]
    """
    return pc.binary_join_element_wise(*parts, "")


def amounts(cents: np.ndarray, null: np.ndarray | None = None) -> pa.Array:
    """Give a decimal(18,4) column from whole cents.

    Examples
    --------
    >>> amounts(np.array([1234])).to_pylist()
    [Decimal('12.3400')]
    """
    words = np.empty((len(cents), 2), dtype=np.int64)
    words[:, 0] = np.asarray(cents, dtype=np.int64) * 100
    words[:, 1] = words[:, 0] >> 63
    valid = None
    if null is not None and null.any():
        valid = pa.array(~null).buffers()[1]
    buffers = [valid, pa.py_buffer(words)]
    return pa.Array.from_buffers(AMOUNT, len(cents), buffers)


def times(microseconds: np.ndarray, null: np.ndarray | None = None) -> pa.Array:
    """Give a timestamp column from microseconds since 1970, UTC.

    Examples
    --------
    >>> str(times(np.array([0]))[0])
    '1970-01-01 00:00:00'
    """
    return pa.array(np.asarray(microseconds, np.int64), mask=null).cast(TIME)


def dates(days: np.ndarray, null: np.ndarray | None = None) -> pa.Array:
    """Give a date column from days since 1970.

    Examples
    --------
    >>> str(dates(np.array([1]))[0])
    '1970-01-02'
    """
    return pa.array(np.asarray(days, np.int32), mask=null).cast(pa.date32())


def plain(table: pa.Table) -> pa.Table:
    """Give the table with its coded text columns written out.

    Examples
    --------
    >>> plain(pa.table({"x": constant("a", 1)})).schema.field("x").type
    DataType(string)
    """
    fields = [
        field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields))
