"""Tables whose column types hold even when they have no rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import pyarrow as pa

# DuckDB reads an empty or all-null object column as INTEGER, so lists carry an Arrow
# type and text the `str` type of pandas: both keep their type with zero rows.
FLOAT_LIST = pd.ArrowDtype(pa.list_(pa.float64()))
FLOAT_LISTS = pd.ArrowDtype(pa.list_(pa.list_(pa.float64())))
TEXT_LIST = pd.ArrowDtype(pa.list_(pa.string()))


def typed_frame(
    rows: Iterable[Mapping[str, Any]], types: Mapping[str, Any]
) -> pd.DataFrame:
    """Build a table with exactly the given columns, in order and in type.

    Parameters
    ----------
    rows : iterable of mapping
        One mapping from column name to value per row. None becomes the null of the
        column's type.
    types : mapping of str to dtype
        Type of every column, in output order.

    Returns
    -------
    DataFrame of shape (n_rows, n_columns)
        No rows give an empty table of the same types.

    Raises
    ------
    KeyError
        If a row lacks a column.

    Examples
    --------
    >>> empty = typed_frame([], {"feature": "str", "weight": "float64"})
    >>> empty.dtypes.astype(str).to_dict()
    {'feature': 'str', 'weight': 'float64'}
    """
    rows = list(rows)
    return pd.DataFrame(
        {
            name: pd.Series([row[name] for row in rows], dtype=dtype)
            for name, dtype in types.items()
        }
    )
