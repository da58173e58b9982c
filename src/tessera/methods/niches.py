"""Small groups inside segments that chance does not bring together.

A niche is a few conditions, each from another theme of a person's life, that meet in
more persons of a segment than they would if they had nothing to do with one another.
Half of the persons propose niches, the other half tests them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import gammainc, gammaincinv
from scipy.stats import false_discovery_control

from tessera.methods._checks import require_columns, require_share, require_unique
from tessera.methods._frames import TEXT_LIST, typed_frame

NICHE_TYPES = {
    "niche_key": "str",
    "segment_key": "str",
    "attributes": TEXT_LIST,
    "attribute_values": TEXT_LIST,
    "predicate": "str",
    "sample_count": "int64",
    "tested_count": "int64",
    "expected_count": "float64",
    "lift": "float64",
    "lift_low": "float64",
    "lift_high": "float64",
    "p_value": "float64",
    "q_value": "float64",
    "tested_niches": "int64",
}
# A level that says nothing: between the fifths at the ends of a measure.
USUAL = "usual"

_CONFIDENCE = 0.95
# Pairs of a segment that a third condition is tried on, and niches it may propose.
_EXTENDED_PAIRS = 40
_PROPOSED_NICHES = 10
# Above this share of the smaller one's persons two groups are one niche told twice.
_LARGEST_OVERLAP = 0.5
# Bands of evidence are counts up to this one, then widen by this factor.
_EXACT_EVIDENCE, _EVIDENCE_FACTOR = 8, 1.5

Condition = tuple[str, str]


@dataclass(frozen=True)
class _Surprise:
    """How many persons meet all conditions, and how many would by chance."""

    observed: int
    expected: float

    @property
    def lift(self) -> float:
        """Observed to expected."""
        return self.observed / self.expected if self.expected else np.inf

    def tail(self, lift: float) -> float:
        """Bound the chance of so many, were the true lift no more than `lift`.

        The upper tail of a Poisson is the lower one of a gamma.
        """
        if not self.observed:
            return 1.0
        return float(gammainc(self.observed, self.expected * lift))

    def interval(self) -> tuple[float, float]:
        """Give Garwood's exact interval of a Poisson count, over the expected one."""
        if not self.expected:
            return 0.0, np.inf
        tail = (1 - _CONFIDENCE) / 2
        low = gammaincinv(self.observed, tail) if self.observed else 0.0
        high = gammaincinv(self.observed + 1, 1 - tail)
        return float(low / self.expected), float(high / self.expected)


class _People:
    """Persons as codes: each attribute's levels, -1 where unknown."""

    def __init__(self, people: pd.DataFrame, attributes: pd.DataFrame):
        self.count = len(people)
        self.lines = {row["attribute"]: row for row in attributes.to_dict("records")}
        self.codes: dict[str, np.ndarray] = {}
        self.levels: dict[str, list[str]] = {}
        for attribute in self.lines:
            values = people[attribute].astype("str")
            known = values.where(people[attribute].notna())
            levels = sorted(known.dropna().unique())
            self.codes[attribute] = pd.Categorical(known, levels).codes.astype("int32")
            self.levels[attribute] = levels
        self.bands = {
            evidence: evidence_bands(people[evidence].to_numpy())
            for evidence in {self.evidence(attribute) for attribute in self.lines}
            if evidence
        }

    def only(self, members: np.ndarray) -> _People:
        """Give the same of some persons, so that each look at them is short."""
        few = copy(self)
        few.codes = {name: codes[members] for name, codes in self.codes.items()}
        few.bands = {name: bands[members] for name, bands in self.bands.items()}
        few.count = int(members.sum())
        return few

    def evidence(self, attribute: str) -> str | None:
        """Column that counts what an attribute is judged from."""
        evidence = self.lines[attribute]["evidence"]
        return None if pd.isna(evidence) else evidence

    def meets(self, conditions: Sequence[Condition]) -> np.ndarray:
        """Say who meets all conditions."""
        return np.logical_and.reduce(
            [
                self.codes[attribute] == self.levels[attribute].index(value)
                for attribute, value in conditions
            ]
        )

    def strata(self, attributes: Sequence[str]) -> np.ndarray:
        """Give each person the number of those who are judged from as much."""
        judged = [self.evidence(one) for one in attributes if self.evidence(one)]
        # One attribute alone that depends on a count has nothing to share it with.
        if len(judged) < 2:
            return np.zeros(self.count, dtype="int64")
        strata = 0
        for evidence in sorted(set(judged)):
            bands = self.bands[evidence]
            strata = strata * (int(bands.max(initial=0)) + 1) + bands
        return strata


def evidence_bands(counts: ArrayLike) -> np.ndarray:
    """Band persons by how much is known of them.

    Parameters
    ----------
    counts : array-like of shape (n_persons,)
        Orders, events or the like, 0 or more; null counts as 0.

    Returns
    -------
    ndarray of int64, shape (n_persons,)
        Equal up to 8, then bands whose ends are half as large again as the last one's.

    Examples
    --------
    >>> evidence_bands([0, 7, 8, 11, 13, None]).tolist()
    [0, 7, 8, 8, 9, 0]
    """
    known = np.nan_to_num(np.asarray(counts, dtype="float64"))
    beyond = np.maximum(known, _EXACT_EVIDENCE) / _EXACT_EVIDENCE
    steps = np.floor(np.log(beyond) / np.log(_EVIDENCE_FACTOR) + 1e-9)
    return (np.minimum(known, _EXACT_EVIDENCE) + steps).astype("int64")


def niche_predicate(segment_key: str, conditions: Sequence[Condition]) -> str:
    """Write who is in a niche as SQL.

    Parameters
    ----------
    segment_key : str
        The niche's segment.
    conditions : sequence of (str, str)
        Attribute and value; attributes are column names of the project's own.

    Returns
    -------
    str
        True for the niche's persons, over a table with `segment_key` and a column per
        attribute. A quote in a value is doubled.

    Examples
    --------
    >>> niche_predicate("b-1", [("top_brand", "L'Atelier")])
    "segment_key = 'b-1' and top_brand = 'L''Atelier'"
    """
    quoted = [
        (name, value.replace("'", "''"))
        for name, value in [("segment_key", segment_key), *conditions]
    ]
    return " and ".join(f"{name} = '{value}'" for name, value in quoted)


def find_niches(
    people: pd.DataFrame,
    attributes: pd.DataFrame,
    *,
    minimum_persons: int = 50,
    minimum_lift: float = 1.5,
    false_discovery_rate: float = 0.05,
    maximum_share: float = 0.2,
) -> pd.DataFrame:
    """Search every segment for niches, and keep those that a fresh half confirms.

    Parameters
    ----------
    people : DataFrame of shape (n_persons, n_columns)
        `person_key`, `segment_key`, the attributes as text (null where unknown, `usual`
        where there is nothing to say) and the counts that they are judged from.
    attributes : DataFrame of shape (n_attributes, 4)
        `attribute`; `theme`, of which a niche has one condition each; `evidence`, the
        column that counts what the attribute is judged from, or null; `is_behaviour`.
    minimum_persons : int, default 50
        Persons below which there is no niche, at least 2.
    minimum_lift : float, default 1.5
        How many times as many as chance brings together a niche has to be, for sure.
    false_discovery_rate : float, default 0.05
        Expected share of niches reported that are none, 0..1.
    maximum_share : float, default 0.2
        Share of its segment above which a group is no niche, 0..1.

    Returns
    -------
    DataFrame of shape (n_niches, 14)
        By segment, smallest `p_value` first. `predicate` is SQL over the columns of
        `people`. Counts, lift and its 95 % interval are those of the testing half;
        `sample_count` is of both. No persons give no rows.

    Raises
    ------
    ValueError
        If a column is missing, a person null or repeated, or a setting out of range.

    Notes
    -----
    Deterministic, whatever the order of rows; the lowest bit of the key makes the half.

    *Chance.* For each way to split a niche into one condition and the others, the
    persons of each stratum who meet both by chance are a hypergeometric count; the
    split with the least lift speaks. Strata are persons judged from as many orders and
    events, since whoever did one thing only is extreme in everything. A hypergeometric
    count is a sum of independent trials (Vatutin and Mikhailov 1982), whose upper tail
    a Poisson of the same mean bounds (Hoeffding 1956; Anderson and Samuels 1967), so
    the p-value is on the safe side.

    *Everybody.* Cutting persons into segments makes attributes depend on each other
    inside a segment, where there is no structure at all. So a niche has to be more than
    chance among everybody, too: the larger p-value counts.

    *Discoveries.* What the first half proposed is tested on the second, in its segment
    against a lift of `minimum_lift`, not of 1; Benjamini and Yekutieli's (2001) rule
    holds however the tests depend on each other.

    Examples
    --------
    >>> rng = np.random.default_rng(3)
    >>> people = pd.DataFrame(
    ...     {
    ...         "person_key": rng.permutation(4000),
    ...         "segment_key": "a",
    ...         "hours": rng.choice(["day", "evening"], 4000),
    ...         "taste": rng.choice(["food", "toys", "home"], 4000),
    ...     }
    ... )
    >>> people.loc[:299, ["hours", "taste"]] = ["night", "games"]
    >>> attributes = pd.DataFrame(
    ...     {
    ...         "attribute": ["hours", "taste"],
    ...         "theme": ["hours", "taste"],
    ...         "evidence": None,
    ...         "is_behaviour": True,
    ...     }
    ... )
    >>> find_niches(people, attributes)["attribute_values"].tolist()
    [['night', 'games']]
    """
    _check(people, attributes, minimum_persons, minimum_lift)
    require_share(false_discovery_rate, "false_discovery_rate")
    require_share(maximum_share, "maximum_share")
    people = people.sort_values("person_key", kind="stable", ignore_index=True)
    coded = _People(people, attributes.sort_values("attribute", kind="stable"))
    proposes = (people["person_key"] % 2 == 0).to_numpy()
    segments = {
        segment_key: (people["segment_key"] == segment_key).to_numpy()
        for segment_key in sorted(people["segment_key"].dropna().unique())
    }
    first, second = coded.only(proposes), coded.only(~proposes)
    proposed = [
        (segment_key, conditions)
        for segment_key, inside in segments.items()
        for conditions in _proposed(
            coded.only(inside & proposes),
            first,
            minimum_persons / 2,
            minimum_lift,
            maximum_share,
        )
    ]
    fresh = {
        segment_key: coded.only(segments[segment_key] & ~proposes)
        for segment_key in dict.fromkeys(key for key, _ in proposed)
    }
    rows = []
    for segment_key, conditions in proposed:
        inside = segments[segment_key]
        own = _least_surprise(fresh[segment_key], conditions)
        everybody = _least_surprise(second, conditions)
        low, high = own.interval()
        rows.append(
            {
                "niche_key": _niche_key(segment_key, conditions),
                "segment_key": segment_key,
                "attributes": [attribute for attribute, _ in conditions],
                "attribute_values": [value for _, value in conditions],
                "predicate": niche_predicate(segment_key, conditions),
                "sample_count": int((coded.meets(conditions) & inside).sum()),
                "tested_count": own.observed,
                "expected_count": own.expected,
                "lift": own.lift,
                "lift_low": low,
                "lift_high": high,
                "p_value": max(own.tail(minimum_lift), everybody.tail(1)),
                "tested_niches": len(proposed),
            }
        )
    if rows:
        q_values = false_discovery_control(
            [row["p_value"] for row in rows], method="by"
        )
        rows = [
            row | {"q_value": float(q_value)}
            for row, q_value in zip(rows, q_values, strict=True)
        ]
    kept = [
        row
        for row in rows
        if row["q_value"] <= false_discovery_rate
        and row["lift_low"] >= minimum_lift
        and row["sample_count"] >= minimum_persons
    ]
    kept.sort(key=lambda row: (row["segment_key"], row["p_value"], row["niche_key"]))
    return typed_frame(kept, NICHE_TYPES)


def _check(
    people: pd.DataFrame,
    attributes: pd.DataFrame,
    minimum_persons: int,
    minimum_lift: float,
) -> None:
    """Refuse tables that lack a column and settings out of range."""
    require_columns(
        attributes, ["attribute", "theme", "evidence", "is_behaviour"], "attributes"
    )
    require_unique(attributes["attribute"], "attributes.attribute")
    evidence = attributes["evidence"].dropna().tolist()
    require_columns(
        people,
        ["person_key", "segment_key", *attributes["attribute"], *evidence],
        "people",
    )
    require_unique(people["person_key"], "people.person_key")
    if minimum_persons < 2:
        raise ValueError(f"minimum_persons should be >= 2, found {minimum_persons}.")
    if not minimum_lift >= 1:
        raise ValueError(f"minimum_lift should be >= 1, found {minimum_lift}.")


def _proposed(
    people: _People,
    everybody: _People,
    minimum_persons: float,
    minimum_lift: float,
    maximum_share: float,
) -> list[tuple[Condition, ...]]:
    """List the niches of a segment that one half of its persons speaks for."""
    most = maximum_share * people.count

    def verdict(conditions: tuple[Condition, ...], own: _Surprise) -> list[tuple]:
        # What the segment itself does not speak for is not asked of everybody.
        if own.observed < minimum_persons or own.interval()[0] < minimum_lift:
            return []
        among_all = _least_surprise(everybody, conditions)
        if among_all.interval()[0] < 1:
            return []
        p_value = max(own.tail(minimum_lift), among_all.tail(1))
        return [(p_value, conditions, own.observed)]

    found = []
    for conditions, own in _pairs(people, minimum_lift):
        found += verdict(conditions, own)
    found.sort(key=lambda niche: (niche[0], niche[1]))
    for _, pair, _ in found[:_EXTENDED_PAIRS]:
        for conditions in _extended(people, pair, minimum_persons):
            found += verdict(conditions, _least_surprise(people, conditions))
    kept: list[tuple[tuple[Condition, ...], np.ndarray]] = []
    for _, conditions, count in sorted(
        {niche[1]: niche for niche in found if niche[2] <= most}.values(),
        key=lambda niche: (niche[0], len(niche[1]), niche[1]),
    ):
        members = people.meets(conditions)
        if all(
            (members & other).sum() <= _LARGEST_OVERLAP * min(count, other.sum())
            for _, other in kept
        ):
            kept.append((conditions, members))
        if len(kept) == _PROPOSED_NICHES:
            break
    return [conditions for conditions, _ in kept]


def _pairs(
    people: _People, minimum_lift: float
) -> Iterator[tuple[tuple[Condition, ...], _Surprise]]:
    """List pairs of conditions that meet more often in a segment than by chance."""
    for left, right in combinations(people.lines, 2):
        if not _go_together(people, (left, right)):
            continue
        table = _table(people, left, right)
        observed = table.sum(axis=0)
        expected = _expected(table)
        for row, column in np.argwhere(observed > minimum_lift * expected):
            values = people.levels[left][row], people.levels[right][column]
            if USUAL not in values:
                conditions = ((left, values[0]), (right, values[1]))
                yield (
                    conditions,
                    _Surprise(int(observed[row, column]), expected[row, column]),
                )


def _extended(
    people: _People,
    pair: tuple[Condition, ...],
    minimum_persons: float,
) -> Iterator[tuple[Condition, ...]]:
    """List the triples that a pair grows into, with persons enough."""
    members = people.meets(pair)
    for attribute in people.lines:
        if not _go_together(people, (*(name for name, _ in pair), attribute)):
            continue
        codes = people.codes[attribute][members]
        counts = np.bincount(codes[codes >= 0], minlength=1)
        for code in np.flatnonzero(counts >= minimum_persons):
            value = people.levels[attribute][code]
            if value != USUAL:
                yield tuple(sorted((*pair, (attribute, value))))


def _go_together(people: _People, attributes: Sequence[str]) -> bool:
    """Whether conditions on these attributes may make a niche."""
    lines = [people.lines[attribute] for attribute in attributes]
    themes = {line["theme"] for line in lines}
    return len(themes) == len(lines) and any(line["is_behaviour"] for line in lines)


def _table(people: _People, left: str, right: str) -> np.ndarray:
    """Count persons by stratum and the levels of two attributes, where both are known.

    Returns an array of shape (n_strata, n_left, n_right).
    """
    known = (people.codes[left] >= 0) & (people.codes[right] >= 0)
    strata = people.strata((left, right))[known]
    shape = (
        int(strata.max(initial=0)) + 1,
        len(people.levels[left]),
        len(people.levels[right]),
    )
    flat = (strata * shape[1] + people.codes[left][known]) * shape[2] + people.codes[
        right
    ][known]
    return np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)


def _expected(table: np.ndarray) -> np.ndarray:
    """Persons of each pair of levels, were the two independent in every stratum."""
    totals = np.maximum(table.sum(axis=(1, 2)), 1)
    left, right = table.sum(axis=2), table.sum(axis=1)
    return (left / totals[:, None]).T @ right


def _least_surprise(people: _People, conditions: Sequence[Condition]) -> _Surprise:
    """Give the least surprise of the splits into one condition and the others."""
    attributes = [attribute for attribute, _ in conditions]
    known = np.logical_and.reduce(
        [people.codes[attribute] >= 0 for attribute in attributes]
    )
    strata = people.strata(attributes)[known]
    totals = np.bincount(strata)
    meets = {condition: people.meets([condition])[known] for condition in conditions}
    observed = int(np.logical_and.reduce(list(meets.values())).sum())
    expected = 0.0
    # Of two conditions there is one split, however it is read.
    splits = conditions if len(conditions) > 2 else conditions[:1]
    for one in splits:
        others = np.logical_and.reduce(
            [who for condition, who in meets.items() if condition != one]
        )
        both = np.bincount(strata, meets[one]) * np.bincount(strata, others)
        expected = max(expected, float((both / np.maximum(totals, 1)).sum()))
    return _Surprise(observed, expected)


def _niche_key(segment_key: str, conditions: Sequence[Condition]) -> str:
    """Name a niche by its segment and its conditions, whatever their order."""
    text = "\n".join([segment_key, *(f"{name}={value}" for name, value in conditions)])
    return f"niche-{hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:12]}"
