"""The weights of agreement, learned from the records themselves."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
from splink import DuckDBAPI, Linker, SettingsCreator
from splink.internals.comparison_level_library import CustomLevel, ElseLevel
from splink.internals.comparison_library import CustomComparison

from tessera.methods.linkage.records import PreparedRecords
from tessera.methods.linkage.rules import (
    COMPARISONS,
    LARGEST_PERSONAL_DIFFERENCE,
    PERSONAL,
    Comparison,
)

# Random pairs that say how often two strangers agree.
RANDOM_PAIRS = 1_000_000
SEED = 20250101
# Pairs that the prior parameters count for: little data leaves them as they are.
PRIOR_PAIRS = 20.0
PRIOR_RANDOM_PAIRS = 1_000.0
ROUNDS = 5
ITERATIONS = 200


@dataclass(frozen=True)
class Parameters:
    """What a training learned.

    Parameters
    ----------
    match_share : float
        Share of all pairs of records that are of one person, 0..1.
    shares : dict
        By comparison, one pair of shares per level, best first: of the pairs of one
        person that are at this level, and of the pairs of two.
    """

    match_share: float
    shares: dict[str, list[tuple[float, float]]]


def prior_parameters(comparisons: Sequence[Comparison], records: int) -> Parameters:
    """Give what is assumed before any training: one duplicate in ten records."""
    pairs = max(records * (records - 1) / 2, 1.0)
    return Parameters(
        min(0.1 * records / pairs, 0.1),
        {
            one.name: [(level.prior_match, level.prior_other) for level in one.levels]
            for one in comparisons
        },
    )


def usable_comparisons(present: set[str]) -> list[Comparison]:
    """Keep the comparisons whose columns have values."""
    return [one for one in COMPARISONS if present & set(one.columns)]


def make_linker(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    comparisons: Sequence[Comparison],
    parameters: Parameters,
    blocks: Sequence[object],
) -> Linker:
    """Hand records, comparisons and their weights to Splink."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="profile_key",
        comparisons=[
            _splink_comparison(one, parameters.shares[one.name]) for one in comparisons
        ],
        blocking_rules_to_generate_predictions=list(blocks),
        probability_two_random_records_match=parameters.match_share,
        retain_matching_columns=True,
    )
    api = DuckDBAPI(connection=connection)
    records = api.register(connection.table(table))
    return Linker(records, settings, log_level=None, validate_settings=False)


def _splink_comparison(
    comparison: Comparison, shares: Sequence[tuple[float, float]]
) -> CustomComparison:
    levels = [CustomLevel(comparison.missing, "missing").configure(is_null_level=True)]
    for level, (match, other) in zip(comparison.levels, shares, strict=True):
        is_rest = level.condition == "ELSE"
        made = ElseLevel() if is_rest else CustomLevel(level.condition, level.label)
        weighed = {"m_probability": match, "u_probability": other}
        if level.frequency_column:
            weighed |= {
                "tf_adjustment_column": level.frequency_column,
                "tf_adjustment_weight": 1.0,
                # The level's own share of strangers is what a frequency replaces.
                "disable_tf_exact_match_detection": True,
            }
        levels.append(made.configure(**weighed))
    return CustomComparison(levels, output_column_name=comparison.name)


def train(
    connection: duckdb.DuckDBPyConnection, prepared: PreparedRecords
) -> Parameters:
    """Learn the parameters from the records alone.

    How often two strangers agree is counted on random pairs, less the part that
    duplicates among them explain. How often two records of one person agree comes from
    expectation and maximisation over the pairs of several training rules at once; a
    rule says nothing of the attributes it asks to be equal.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Where the records are.
    prepared : PreparedRecords
        Records and their training blocks.

    Returns
    -------
    learned : Parameters
        The same for the same records in any order. Without two records, or without an
        attribute, the prior ones.
    """
    comparisons = usable_comparisons(prepared.present)
    prior = prior_parameters(comparisons, prepared.record_count)
    if prepared.record_count < 2 or not comparisons:
        return prior
    table = prepared.table
    random_shares = _random_shares(connection, table, comparisons, prior)
    patterns = [
        _patterns(connection, table, comparisons, block, rule, sampled)
        for block, rule, sampled in prepared.training
    ]
    patterns = [one for one in patterns if len(one.counts)]
    return _fit(comparisons, patterns, random_shares, prior, prepared.record_count)


@dataclass(frozen=True)
class _Patterns:
    """Answers of all comparisons on the pairs of one rule, and how often they come."""

    levels: np.ndarray  # (n_patterns, n_comparisons), 0 is best, -1 is missing
    counts: np.ndarray  # (n_patterns,)
    informed: list[bool]  # by comparison, whether the rule leaves it free
    rule: tuple[str, ...]
    coverage: float  # share of all pairs of records in which nothing of it is missing


def _random_shares(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    comparisons: Sequence[Comparison],
    prior: Parameters,
) -> dict[str, np.ndarray]:
    """Count how often random pairs are at each level."""
    linker = make_linker(connection, table, comparisons, prior, [])
    linker.training.estimate_u_using_random_sampling(
        max_pairs=RANDOM_PAIRS, seed=SEED, min_count_per_level=None, num_chunks=1
    )
    model = {
        one["output_column_name"]: one
        for one in linker.misc.save_model_to_json()["comparisons"]
    }
    shares = {}
    for one in comparisons:
        levels = model[one.name]["comparison_levels"][1:]
        # Splink has a text for a level that no random pair is at.
        found = [level.get("u_probability") for level in levels]
        shares[one.name] = np.array(
            [share if isinstance(share, float) else 0.0 for share in found]
        )
    return shares


def _patterns(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    comparisons: Sequence[Comparison],
    block: str,
    rule: tuple[str, ...],
    sampled: float,
) -> _Patterns:
    """Compare the pairs of one training rule.

    Only how often each pattern comes is wanted. Splink would write every pair down with
    its values first, which takes twice as long.
    """
    answers = ", ".join(
        f"case when {one.missing} then -1 "
        + " ".join(
            f"when {level.condition} then {number}"
            for number, level in enumerate(one.levels[:-1])
        )
        + f" else {len(one.levels) - 1} end as {one.name}"
        for one in comparisons
    )
    columns = connection.table(table).columns
    sides = [
        f"(select {', '.join(f'{name} as {name}_{side}' for name in columns)} "
        f"from {table} where {block} is not null)"
        for side in "lr"
    ]
    grouped = connection.execute(
        f"select {answers}, count(*) as pair_count from {sides[0]} inner join "
        f"{sides[1]} on {block}_l = {block}_r and profile_key_l < profile_key_r "
        "group by all order by all"
    ).fetchnumpy()
    levels = np.column_stack([grouped[one.name] for one in comparisons])
    present = " and ".join(f"{column} is not null" for column in rule)
    known, total = connection.execute(
        f"select count(*) filter ({present}), count(*) from {table}"
    ).fetchall()[0]
    return _Patterns(
        levels.astype(np.int64),
        np.asarray(grouped["pair_count"], dtype=np.float64),
        [not set(one.columns) & set(rule) for one in comparisons],
        rule,
        (known / total) ** 2 * sampled,
    )


def _fit(
    comparisons: Sequence[Comparison],
    patterns: Sequence[_Patterns],
    random_shares: dict[str, np.ndarray],
    prior: Parameters,
    records: int,
) -> Parameters:
    """Find the shares under which the patterns are likeliest, beside the prior."""
    pairs = records * (records - 1) / 2
    seen_pairs = min(pairs, RANDOM_PAIRS)
    start = {name: np.array(levels) for name, levels in prior.shares.items()}
    match = [start[one.name][:, 0] for one in comparisons]
    pulls = [share * PRIOR_PAIRS for share in match]
    match_share = prior.match_share
    shares_of_rules = [0.3] * len(patterns)
    for _ in range(ROUNDS):
        other = [
            _without_matches(
                random_shares[one.name],
                share,
                match_share,
                start[one.name][:, 1],
                seen_pairs,
            )
            for one, share in zip(comparisons, match, strict=True)
        ]
        for _ in range(ITERATIONS):
            gained = [pull.copy() for pull in pulls]
            previous = np.concatenate(match)
            for position, one in enumerate(patterns):
                probability = _probabilities(
                    one, match, other, shares_of_rules[position]
                )
                expected = probability * one.counts
                share = expected.sum() / one.counts.sum()
                shares_of_rules[position] = float(np.clip(share, 1e-6, 1 - 1e-6))
                for column, is_free in enumerate(one.informed):
                    if is_free:
                        seen = one.levels[:, column] >= 0
                        gained[column] += np.bincount(
                            one.levels[seen, column],
                            weights=expected[seen],
                            minlength=len(match[column]),
                        )
            match = [
                _as_of_a_person(one.name, gain / gain.sum())
                for one, gain in zip(comparisons, gained, strict=True)
            ]
            if np.abs(np.concatenate(match) - previous).max() < 1e-6:
                break
        by_name = {
            one.name: share for one, share in zip(comparisons, match, strict=True)
        }
        found = [
            share
            * one.counts.sum()
            / (pairs * one.coverage * _rule_recall(one, by_name))
            for share, one in zip(shares_of_rules, patterns, strict=True)
        ]
        if found:
            match_share = float(np.clip(np.median(found), 1 / (10 * pairs), 0.5))
    return Parameters(
        round(match_share, 12),
        {
            one.name: [
                (round(float(same), 9), round(float(others), 9))
                for same, others in zip(match_levels, other_levels, strict=True)
            ]
            for one, match_levels, other_levels in zip(
                comparisons, match, other, strict=True
            )
        },
    )


def _without_matches(
    random_share: np.ndarray,
    match: np.ndarray,
    match_share: float,
    prior: np.ndarray,
    pairs: float,
) -> np.ndarray:
    """Take out of random pairs those of one person: what is left are strangers.

    What is left of a rare agreement may be nothing; it is then held for as frequent as
    something not seen among so many pairs may be (the rule of three: 95 % sure), but
    for no more frequent than the prior has it.
    """
    rest = np.maximum(random_share - match_share * match, 0.0) / (1 - match_share)
    rest = (rest * pairs + prior * PRIOR_RANDOM_PAIRS) / (pairs + PRIOR_RANDOM_PAIRS)
    rest = np.maximum(rest, np.minimum(3 / pairs, prior))
    return rest / rest.sum()


def _probabilities(
    patterns: _Patterns,
    match: Sequence[np.ndarray],
    other: Sequence[np.ndarray],
    share: float,
) -> np.ndarray:
    """Give the probability that a pair of each pattern is of one person."""
    odds = np.full(len(patterns.counts), np.log(share / (1 - share)))
    for column, is_free in enumerate(patterns.informed):
        if is_free:
            weights = np.log(match[column]) - np.log(other[column])
            # -1, missing, picks the nought at the end.
            odds += np.append(weights, 0.0)[patterns.levels[:, column]]
    return 1 / (1 + np.exp(-np.clip(odds, -500, 500)))


def _as_of_a_person(name: str, match: np.ndarray) -> np.ndarray:
    """Hold the share of wholly different values within what a person may show."""
    most = LARGEST_PERSONAL_DIFFERENCE
    if name not in PERSONAL or match[-1] <= most:
        return match
    return np.append(match[:-1] * (1 - most) / match[:-1].sum(), most)


def _rule_recall(patterns: _Patterns, match: dict[str, np.ndarray]) -> float:
    """Give the share of the pairs of one person, nothing missing, that a rule finds."""
    return float(
        np.prod([match[column][0] for column in patterns.rule if column in match])
    )
