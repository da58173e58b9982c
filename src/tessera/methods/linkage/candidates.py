"""Which pairs of a block may be of one person at all, told before texts are compared.

What is equal in two records, and what is not, rules nearly all pairs of a large block
out; how alike two different texts are takes far longer to tell. So a pair is given the
most that it could weigh, and only the pairs that could weigh enough are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

from tessera.methods.linkage.model import Parameters
from tessera.methods.linkage.records import PreparedRecords
from tessera.methods.linkage.rules import Comparison

# Weights are kept in single precision here; what is so close to the bar is compared.
SLACK_BITS = 0.01
# Records whose blocks are looked at together.
RECORDS_AT_ONCE = 500_000


@dataclass(frozen=True)
class _Answer:
    """A level that a pair may be at only if some of its values are equal."""

    agreeing: tuple[tuple[int, ...], ...]  # codes equal in one of these groups
    weight: float
    own_weight: int | None  # column of weights that replaces it, the lesser one of two


@dataclass(frozen=True)
class _Bound:
    """The most that one comparison can say of a pair."""

    known: tuple[int, ...]  # codes, of which one has to be there on both sides
    always: float  # the most of the levels that any pair may be at
    answers: tuple[_Answer, ...]
    most: float


def pairs_worth_weighing(
    connection: duckdb.DuckDBPyConnection,
    prepared: PreparedRecords,
    comparisons: Sequence[Comparison],
    parameters: Parameters,
    frequencies: dict[str, str],
    *,
    least_weight: float,
    fresh_only: bool = False,
) -> tuple[np.ndarray, np.ndarray]:
    """Give the pairs of all blocks that could weigh enough.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Where the records are.
    prepared : PreparedRecords
        Records in their blocks.
    comparisons : sequence of Comparison
        What will be compared.
    parameters : Parameters
        What it will be weighed by.
    frequencies : dict of str to str
        Tables of `register_frequencies`.
    least_weight : float
        Log2 of the odds below which a pair is not wanted.
    fresh_only : bool
        Whether to leave out pairs of which neither record is `is_fresh`.

    Returns
    -------
    tuple of two ndarrays of int64, shape (n_pairs,)
        Keys of the two records, the smaller first, each pair once and in their order.

    Notes
    -----
    No pair is left out that weighs `least_weight` or more: a level counts wherever what
    it needs to be equal (`Level.agreeing`) is, and a frequency as the rarer of the two.
    Memory is some hundred bytes a record, the pairs of `RECORDS_AT_ONCE` records, and
    the pairs that are left; 16 bytes each, and as much again to sort them.
    """
    prior = np.log2(parameters.match_share / (1 - parameters.match_share))
    needed = least_weight - prior - SLACK_BITS
    ((count,),) = connection.execute(
        f"select coalesce(max(rowid) + 1, 0) from {prepared.table}"
    ).fetchall()
    known = _columns(
        connection,
        prepared.table,
        count,
        {"key": "profile_key", "is_fresh": "is_fresh" if fresh_only else "true"},
    )
    keys, is_fresh = known["key"], known["is_fresh"]
    codes, weights, bounds = _codes(
        connection, prepared.table, count, comparisons, parameters, frequencies
    )
    found = [np.zeros((2, 0), dtype=np.int32)]
    for block in prepared.blocks:
        for members, ordered in _members(connection, prepared.table, block):
            # In the order of blocks, what is compared lies side by side.
            own_codes = [code[members] for code in codes]
            own_weights = [weight[members] for weight in weights]
            own_fresh = is_fresh[members]
            # Neighbours in the order of blocks, then those two places apart, and so on.
            for step in range(1, len(members)):
                first = np.flatnonzero(ordered[:-step] == ordered[step:])
                if not len(first):
                    break
                first = first[own_fresh[first] | own_fresh[first + step]]
                left, right = _likely(
                    first, first + step, own_codes, own_weights, bounds, needed
                )
                found.append(np.stack([members[left], members[right]]))
    del codes, weights
    order = np.argsort(keys, kind="stable")
    rank = np.empty(count, dtype=np.int64)
    rank[order] = np.arange(count)
    left, right = rank[np.concatenate(found, axis=1)]
    pairs = np.unique(np.minimum(left, right) * count + np.maximum(left, right))
    return keys[order[pairs // max(count, 1)]], keys[order[pairs % max(count, 1)]]


def _columns(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    record_count: int,
    expressions: dict[str, str],
    joins: str = "",
) -> dict[str, np.ndarray]:
    """Give values of each record, at the place where its row stands in the table."""
    named = ", ".join(f"{value} as {name}" for name, value in expressions.items())
    batches = connection.execute(
        f"select {table}.rowid as place, {named} from {table} {joins}"
    ).to_arrow_reader(RECORDS_AT_ONCE)
    columns = {
        name: np.zeros(
            record_count, dtype=batches.schema.field(name).type.to_pandas_dtype()
        )
        for name in expressions
    }
    for batch in batches:
        places = batch["place"].to_numpy()
        for name, column in columns.items():
            column[places] = batch[name].to_numpy(zero_copy_only=False)
    return columns


def _members(
    connection: duckdb.DuckDBPyConnection, table: str, block: str
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Give the places of the records of whole blocks, block by block, with the blocks.

    A part ends where a block does, so no pair stands in two.
    """
    placed = connection.execute(
        f"select rowid::integer as place, {block} as block from {table} "
        f"where {block} is not null"
    ).fetchnumpy()
    places, blocks = np.asarray(placed["place"]), np.asarray(placed["block"])
    order = np.argsort(blocks, kind="stable")
    places, blocks = places[order], blocks[order]
    start = 0
    while start < len(places):
        last = blocks[min(start + RECORDS_AT_ONCE, len(places)) - 1]
        end = int(np.searchsorted(blocks, last, side="right"))
        yield places[start:end], blocks[start:end]
        start = end


def _likely(
    left: np.ndarray,
    right: np.ndarray,
    codes: Sequence[np.ndarray],
    weights: Sequence[np.ndarray],
    bounds: Sequence[_Bound],
    needed: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Keep the pairs that could weigh enough, dropping as soon as none can any more."""
    total = np.zeros(len(left), dtype=np.float32)
    rest = sum(bound.most for bound in bounds)
    for bound in bounds:
        rest -= bound.most
        total += _most(left, right, codes, weights, bound)
        kept = np.flatnonzero(total >= needed - rest)
        if len(kept) < 0.8 * len(left):
            left, right, total = left[kept], right[kept], total[kept]
    kept = total >= needed
    return left[kept], right[kept]


def _most(
    left: np.ndarray,
    right: np.ndarray,
    codes: Sequence[np.ndarray],
    weights: Sequence[np.ndarray],
    bound: _Bound,
) -> np.ndarray:
    """Give the most that one comparison can say of each pair."""
    most = np.full(len(left), bound.always, dtype=np.float32)
    ends = {
        code: (codes[code][left], codes[code][right])
        for code in {
            *bound.known,
            *(
                code
                for one in bound.answers
                for group in one.agreeing
                for code in group
            ),
        }
    }
    equal = {code: one == other for code, (one, other) in ends.items()}
    for answer in bound.answers:
        agrees = np.logical_or.reduce(
            [
                np.logical_and.reduce([equal[code] for code in group])
                for group in answer.agreeing
            ]
        )
        where = np.flatnonzero(agrees)
        weight = answer.weight
        if answer.own_weight is not None:
            own = weights[answer.own_weight]
            weight = np.minimum(own[left[where]], own[right[where]])
        most[where] = np.maximum(most[where], weight)
    is_known = np.logical_or.reduce(
        [(ends[code][0] >= 0) & (ends[code][1] >= 0) for code in bound.known]
    )
    return np.where(is_known, most, np.float32(0))


def _codes(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    record_count: int,
    comparisons: Sequence[Comparison],
    parameters: Parameters,
    frequencies: dict[str, str],
) -> tuple[list[np.ndarray], list[np.ndarray], list[_Bound]]:
    """Give each value a number, and each rare value its weight.

    Two values that are equal have one number. Two others may share one, which only
    keeps a pair that could have been left out.
    """
    expressions: dict[str, int] = {}
    own_weights: dict[tuple[str, float], int] = {}

    def code(expression: str) -> int:
        return expressions.setdefault(expression, len(expressions))

    drafts = []
    for one in comparisons:
        always = [0.0] if one.may_be_silent else []
        answers = []
        for level, (match, other) in zip(
            one.levels, parameters.shares[one.name], strict=True
        ):
            weight = float(np.log2(match) - np.log2(other))
            own = None
            if level.frequency_column in frequencies:
                own = own_weights.setdefault(
                    (level.frequency_column, match), len(own_weights)
                )
            if level.agreeing:
                groups = tuple(tuple(map(code, group)) for group in level.agreeing)
                answers.append(_Answer(groups, weight, own))
            else:
                always.append(weight)
        known = tuple(map(code, one.columns))
        drafts.append((known, max(always), tuple(answers)))
    numbers = {
        f"code_{number}": (
            f"case when {expression} is null then -1 "
            f"else (hash({expression}) & 2147483647)::integer end"
        )
        for expression, number in expressions.items()
    }
    shares = {
        f"weight_{number}": (
            f"coalesce(log2({match!r}::double) - log2(tf_{column}), 0)::float"
        )
        for (column, match), number in own_weights.items()
    }
    joins = " ".join(
        f"left join {name} using ({column})" for column, name in frequencies.items()
    )
    fetched = _columns(connection, table, record_count, numbers | shares, joins)
    codes = [fetched[name] for name in numbers]
    weights = [fetched[name] for name in shares]
    for one in codes:
        missing = np.flatnonzero(one < 0)
        # What is missing is like nothing else.
        one[missing] = -1 - missing
    bounds = []
    for known, always, answers in drafts:
        most = [always, 0.0]
        for answer in answers:
            own = answer.own_weight
            has_own = own is not None and len(weights[own])
            most.append(float(weights[own].max()) if has_own else answer.weight)
        bounds.append(_Bound(known, always, answers, max(most)))
    # What could say most comes first: then the rest can save the fewest.
    return codes, weights, sorted(bounds, key=lambda bound: -bound.most)
