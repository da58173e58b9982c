"""Figures, dates and lists as a reader expects to see them.

A missing figure or date (None, NaN, NaT) is written as `NOTHING`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pandas as pd

NOTHING = "n/a"


def whole(value: float | None) -> str:
    """Write a count with thousands separators.

    >>> whole(1234567), whole(None)
    ('1,234,567', 'n/a')
    """
    return NOTHING if pd.isna(value) else f"{value:,.0f}"


def percent(share: float | None) -> str:
    """Write a share in 0..1 as a percentage with one decimal.

    >>> percent(0.1234), percent(float("nan"))
    ('12.3%', 'n/a')
    """
    return NOTHING if pd.isna(share) else f"{share:.1%}"


def decimals(value: float | None, places: int = 2) -> str:
    """Write a figure with a fixed number of decimals.

    >>> decimals(1234.5678), decimals(0.5, places=1)
    ('1,234.57', '0.5')
    """
    return NOTHING if pd.isna(value) else f"{value:,.{places}f}"


def plain(value: float | None) -> str:
    """Write a figure with at most two decimals and no idle zeros.

    >>> plain(30.0), plain(1234.5), plain(0.125)
    ('30', '1,234.5', '0.12')
    """
    text = decimals(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def compact(count: float) -> str:
    """Write a count in at most five characters, so that it fits in a small cell.

    >>> [compact(count) for count in (9870, 45210, 999999, 3210000)]
    ['9,870', '45k', '1.0M', '3.2M']
    """
    if count < 10_000:
        return whole(count)
    return f"{count / 1e3:.0f}k" if count < 999_500 else f"{count / 1e6:.1f}M"


def day(value: date | None) -> str:
    """Write a date in words, month by name, so that no reader swaps day and month.

    >>> day(date(2025, 6, 3)), day(None)
    ('3 June 2025', 'n/a')
    """
    return NOTHING if pd.isna(value) else f"{value.day} {value:%B %Y}"


def listing(items: Sequence[str]) -> str:
    """Join items as in a sentence.

    >>> listing(["a"]), listing(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    *before, last = items or [NOTHING]
    return f"{', '.join(before)} and {last}" if before else last


def counted(count: int, noun: str) -> str:
    """Write a count with its noun, in the singular for one.

    >>> counted(1, "row"), counted(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{whole(count)} {noun}{'' if count == 1 else 's'}"


def words(name: str | None) -> str:
    """Write a snake_case name as words, the first with a capital.

    >>> words("not_in_the_future"), words(None)
    ('Not in the future', 'n/a')
    """
    text = text_or_none(name)
    return text.replace("_", " ").capitalize() if text else NOTHING


def text_or_none(value: str | None) -> str | None:
    """Give a text as it is, and any missing value as None.

    >>> text_or_none("a"), text_or_none(float("nan"))
    ('a', None)
    """
    return None if pd.isna(value) else str(value)


def sentence(text: str) -> str:
    """Begin a text with a capital and end it with a full stop.

    >>> sentence("best silhouette")
    'Best silhouette.'
    """
    return text[:1].upper() + text[1:].rstrip(".") + "."


def slug(name: str) -> str:
    """Write a name as a part of an element's id.

    >>> slug("Life cycle")
    'life-cycle'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
