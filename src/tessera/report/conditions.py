"""What puts somebody in a segment by rule, in words and in days, orders and money."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from tessera.report.edition import Edition
from tessera.report.language import Language, is_missing

# Which score is read off which variable's edges, and whether high values score low.
SCORED = {
    "recency_score": ("recency_days", True),
    "frequency_score": ("order_count", False),
    "monetary_score": ("monetary_amount", False),
}


def alternatives(edition: Edition, segmentation: str, key: str) -> list[list[str]]:
    """Write the conditions of a segment: any list is enough, all of one must hold.

    Returns
    -------
    list of list of str
        Empty for a segment that no rule defines.
    """
    rules = edition.marts.rules
    rules = rules.loc[
        (rules["segmentation"] == segmentation) & (rules["segment_key"] == key)
    ]
    return [
        [condition_words(edition, row) for row in conditions.itertuples()]
        for _, conditions in rules.groupby("alternative", sort=True)
    ]


def condition_words(edition: Edition, row) -> str:
    """Write one condition: ``Recency score 4 to 5: bought at most 4 days ago``."""
    say = edition.say
    if row.operator == "otherwise":
        return say("everybody whom no other segment takes")
    variable = say.words(row.variable)
    if row.variable in SCORED and row.operator in ("between", "=", ">=", "<="):
        return _score_words(edition, row, variable)
    return say.pair(variable, _value_words(say, row.operator, row.value))


def _score_words(edition: Edition, row, variable: str) -> str:
    say = edition.say
    edges = edges_of(edition, SCORED[row.variable][0])
    highest = len(edges) + 1
    low, high = _score_range(row.operator, row.value, highest)
    if high == 0:
        return say("{variable}: 0, never bought", variable=variable)
    text = (
        say("{variable}: {low}", variable=variable, low=low)
        if low == high
        else say("{variable}: {low} to {high}", variable=variable, low=low, high=high)
    )
    if not edges or (low <= 1 and high >= highest):
        return text
    return f"{text}, {range_words(edition, row.variable, low, high)}"


def _score_range(operator: str, value: str, highest: int) -> tuple[int, int]:
    if operator == "between":
        low, high = (int(float(part)) for part in value.split("|"))
        return low, high
    number = int(float(value))
    return {
        "=": (number, number),
        ">=": (number, highest),
        "<=": (1, number),
    }[operator]


def edges_of(edition: Edition, variable: str) -> list[float]:
    """Give tonight's edges of a variable for everybody together, ascending."""
    thresholds = edition.marts.thresholds
    found = thresholds.loc[
        (thresholds["variable"] == variable) & (thresholds["scope"] == "all"), "edges"
    ]
    if found.empty or found.iloc[0] is None:
        return []
    return [float(edge) for edge in found.iloc[0]]


def value_range(
    edges: Sequence[float], low: int, high: int, *, is_reversed: bool
) -> tuple[float | None, float | None]:
    """Give the values that score from `low` to `high`: above the one, up to the other.

    Parameters
    ----------
    edges : sequence of float
        Upper ends of all groups but the last, ascending.
    low, high : int
        Scores, 1 for the lowest.
    is_reversed : bool
        Whether small values score high, as with days since a purchase.

    Returns
    -------
    tuple of (float or None)
        None where there is no bound.

    Examples
    --------
    >>> value_range([16, 32, 55, 95], 4, 5, is_reversed=False)
    (55, None)
    >>> value_range([1, 4, 10, 26], 4, 5, is_reversed=True)
    (None, 4)
    """
    groups = len(edges) + 1
    first, last = (groups - high, groups - low) if is_reversed else (low - 1, high - 1)
    return (
        edges[first - 1] if first > 0 else None,
        edges[last] if last < len(edges) else None,
    )


def range_words(edition: Edition, score: str, low: int, high: int) -> str:
    """Write the values that score from `low` to `high`, with their unit."""
    say = edition.say
    variable, is_reversed = SCORED[score]
    above, to = value_range(
        edges_of(edition, variable), low, high, is_reversed=is_reversed
    )
    words = {
        "recency_days": (
            say("last bought at most {to} days ago"),
            say("last bought more than {above} days ago"),
            say("last bought more than {above} and at most {to} days ago"),
        ),
        "order_count": (
            say("at most {to} orders"),
            say("more than {above} orders"),
            say("more than {above} and at most {to} orders"),
        ),
        "monetary_amount": (
            say("spent at most {to}"),
            say("spent more than {above}"),
            say("spent more than {above} and at most {to}"),
        ),
    }[variable]
    if above is None and to is None:
        return say("any")
    text = words[0] if above is None else words[1] if to is None else words[2]
    return text.format(above=say.plain(above), to=say.plain(to))


def _value_words(say: Language, operator: str, value: str | None) -> str:
    parts = [] if is_missing(value) else str(value).split("|")
    told = [_plain_value(say, part) for part in parts]
    if operator == "between" and len(told) == 2:
        return say("{low} to {high}", low=told[0], high=told[1])
    words = {
        "=": say("is {value}"),
        "!=": say("is not {value}"),
        "<": say("under {value}"),
        "<=": say("at most {value}"),
        ">": say("more than {value}"),
        ">=": say("at least {value}"),
        "in": say("one of {value}"),
        "not in": say("none of {value}"),
        "known": say("is known"),
        "unknown": say("is not known"),
    }
    text = words.get(operator, "{value}")
    return text.format(value=", ".join(told))


def _plain_value(say: Language, text: str) -> str:
    try:
        return say.plain(float(text))
    except ValueError:
        return say.words(text) if text.islower() else text


def cells_of(edition: Edition) -> dict[str, str]:
    """Give the RFM segment of every cell of scores: the first rule that holds."""
    rules = edition.marts.rules
    rules = rules.loc[
        (rules["segmentation"] == "rfm") & rules["variable"].isin(list(SCORED))
    ]
    if rules.empty:
        return {}
    boxes = []
    for (_, key), conditions in rules.groupby(["priority", "segment_key"], sort=True):
        box = {
            row.variable: _score_range(row.operator, row.value, 9)
            for row in conditions.itertuples()
        }
        boxes.append((key, box))
    sizes = [len(edges_of(edition, variable)) + 1 for variable, _ in SCORED.values()]
    cells = {}
    for scores in (
        (recency, frequency, money)
        for recency in range(1, sizes[0] + 1)
        for frequency in range(1, sizes[1] + 1)
        for money in range(1, sizes[2] + 1)
    ):
        named = dict(zip(SCORED, scores, strict=True))
        for key, box in boxes:
            if all(box[name][0] <= named[name] <= box[name][1] for name in box):
                cells["-".join(map(str, scores))] = key
                break
    return cells


def nobody(frame: pd.DataFrame) -> bool:
    """Tell whether a frame has no row."""
    return len(frame) == 0
