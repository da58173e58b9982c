"""Checks of arguments, whose errors name the value and the rule."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd


def finite_matrix(values: object, name: str) -> np.ndarray:
    """Return `values` as a 2-d float array without null or infinite entries.

    Parameters
    ----------
    values : array-like of shape (n_rows, n_columns)
        Either length may be 0.
    name : str
        Argument name used in the error.

    Returns
    -------
    ndarray of shape (n_rows, n_columns), float64

    Raises
    ------
    ValueError
        If `values` is not 2-d, or holds a null or an infinity.

    Examples
    --------
    >>> finite_matrix([[1, 2]], "points")
    array([[1., 2.]])
    """
    matrix = np.asarray(values, dtype="float64")
    if matrix.shape == (0,):
        matrix = matrix.reshape(0, 0)
    if matrix.ndim != 2:
        raise ValueError(f"{name} should have 2 dimensions, found {matrix.ndim}.")
    bad = np.argwhere(~np.isfinite(matrix))
    if len(bad):
        row, column = bad[0]
        raise ValueError(
            f"{name} should be finite, found {matrix[row, column]} "
            f"in row {row}, column {column}."
        )
    return matrix


def require_columns(table: pd.DataFrame, columns: Iterable[str], name: str) -> None:
    """Refuse a table that lacks a column.

    Parameters
    ----------
    table : DataFrame
        Table to look at; its rows do not matter.
    columns : iterable of str
        Columns it should have.
    name : str
        Argument name used in the error.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> require_columns(pd.DataFrame({"feature": []}), ["feature"], "labels")
    """
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise ValueError(
            f"{name} should have the columns {missing}, "
            f"found only {[str(column) for column in table.columns]}."
        )


def require_unique(values: pd.Series, name: str) -> None:
    """Refuse a null or a value that occurs twice.

    Parameters
    ----------
    values : Series
        Values that should be a key.
    name : str
        Argument name used in the error.

    Raises
    ------
    ValueError
        If a value is null or repeated.

    Examples
    --------
    >>> require_unique(pd.Series(["recency", "frequency"]), "registry.feature")
    """
    if values.isna().any():
        raise ValueError(f"{name} should not be null.")
    repeated = values[values.duplicated()].unique().tolist()
    if repeated:
        raise ValueError(f"{name} should be unique, found {repeated} more than once.")


def require_share(value: float, name: str) -> None:
    """Refuse a number outside 0..1.

    Parameters
    ----------
    value : float
        Share to check.
    name : str
        Argument name used in the error.

    Raises
    ------
    ValueError
        If `value` is null, below 0 or above 1.

    Examples
    --------
    >>> require_share(0.85, "minimum_variance_share")
    """
    if not 0 <= value <= 1:
        raise ValueError(f"{name} should be in 0..1, found {value}.")
