"""Which records are of one person: pairs, their probability and the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from tessera.methods._frames import typed_frame
from tessera.methods.linkage.candidates import pairs_worth_weighing
from tessera.methods.linkage.groups import consistent_groups
from tessera.methods.linkage.model import (
    Parameters,
    make_linker,
    train,
    usable_comparisons,
)
from tessera.methods.linkage.records import (
    PreparedRecords,
    add_training_blocks,
    count_values,
    prepare,
    register_frequencies,
)
from tessera.methods.linkage.rules import (
    ALIKE_AT_HOME,
    HOME_LEVELS,
    PERSONAL,
    SHARED_AT_HOME,
    Comparison,
)

# One configuration for all data. The weakest link may be wrong one time in twenty; a
# pair is out of the question where the odds against it are as high; what is no link and
# yet likelier than not is shown to a person.
LINK_PROBABILITY = 0.95
REVIEW_PROBABILITY = 0.5
EXCLUDED_PROBABILITY = 0.05

# What is held at once beside the engine's own memory: rows on their way from one table
# to another, and pairs with the values of both their records.
ROWS_AT_ONCE = 500_000
PAIRS_AT_ONCE = 500_000

MATCH_TYPES = {
    "left_profile_key": "int64",
    "right_profile_key": "int64",
    "match_probability": "float64",
    "match_weight": "float64",
    "verdict": "str",
    "evidence": "str",
}
PAIR_TYPES = {
    "left_profile_key": "int64",
    "right_profile_key": "int64",
    "match_weight": "float64",
    "evidence": "str",
}


@dataclass(frozen=True)
class Learned:
    """What records are weighed by.

    Parameters
    ----------
    parameters : Parameters
        The weights of agreement.
    frequencies : pyarrow.Table
        How common values are, as `count_values` gives it.
    """

    parameters: Parameters
    frequencies: pa.Table


def match_records(
    connection: duckdb.DuckDBPyConnection, records: duckdb.DuckDBPyRelation
) -> pd.DataFrame:
    """Find the pairs of records that are of one person, or may be.

    Values are folded and compared by the rules of ``tessera.methods.linkage.rules``,
    the weights of agreement learned from the records themselves (Fellegi and Sunter's
    model, by Splink), rare values weighing more than common ones. A value that is
    missing says nothing.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Does the work, in a database of its memory that is dropped in the end.
    records : DuckDBPyRelation of shape (n_records, n_columns)
        `profile_key` (bigint, unique) and the texts of
        ``tessera.methods.linkage.records.ATTRIBUTES``, each null where not known; a
        birth date as year, month, day.

    Returns
    -------
    DataFrame of shape (n_pairs, 6)
        One row per pair, by key: `left_profile_key` < `right_profile_key`,
        `match_probability` (0..1), `match_weight` (log2 of its odds), `verdict`, and
        `evidence`, the names of the attributes that speak for it.

        - 'link': probability of 0.95 or more, and the groups that links make hold
          together;
        - 'review': any other pair of 0.5 or more.

        No records, one, or none with an attribute give no rows.

    Notes
    -----
    Deterministic, whatever the order of the records. Pairs compared grow with the
    number of records, not with its square.

    References
    ----------
    Fellegi and Sunter 1969, A theory for record linkage; Linacre et al. 2022, Splink.

    Examples
    --------
    >>> connection = duckdb.connect()
    >>> records = connection.sql(
    ...     "select * from (values"
    ...     " (1, 'Zoé', 'Quillfeather', '1984-03-09', 'zoe.q@example.org'),"
    ...     " (2, 'Zoe', 'Quilfeather', '1984-03-09', 'zoe.q@example.org'),"
    ...     " (3, 'Ada', 'Nightingale', '1951-11-30', null)"
    ...     ") as people (profile_key, first_name, last_name, birth_date, email)"
    ... )
    >>> pairs = match_records(connection, records)
    >>> pairs[["left_profile_key", "right_profile_key", "verdict"]].values.tolist()
    [[1, 2, 'link']]
    >>> pairs.loc[0, "evidence"]
    'given_name, family_name, birth_date, email'
    """
    with scratch_of(connection, records) as scratch:
        prepared = prepare(scratch)
        if not prepared.blocks:
            return typed_frame([], MATCH_TYPES)
        learned = learn(scratch, prepared)
        pairs = score(scratch, prepared, learned)
    return judge_pairs(pairs)


def learn(connection: duckdb.DuckDBPyConnection, prepared: PreparedRecords) -> Learned:
    """Learn from prepared records what they are to be weighed by."""
    with_training = add_training_blocks(connection, prepared)
    parameters = train(connection, with_training)
    return Learned(
        parameters, count_values(connection, prepared, parameters.match_share)
    )


def score(
    connection: duckdb.DuckDBPyConnection,
    prepared: PreparedRecords,
    learned: Learned,
    *,
    fresh_only: bool = False,
) -> pd.DataFrame:
    """Weigh the pairs of all blocks; give those that are not out of the question.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Where the records are.
    prepared : PreparedRecords
        Records in their blocks.
    learned : Learned
        From records with the same attributes.
    fresh_only : bool
        Whether to leave out pairs of which neither record is `is_fresh`, a column that
        the table then has.

    Returns
    -------
    DataFrame of shape (n_pairs, 4)
        `PAIR_TYPES`, by key. A pair's weight follows from the two records and from what
        was learned, whoever else is there.
    """
    comparisons = [
        one
        for one in usable_comparisons(prepared.present)
        if one.name in learned.parameters.shares
    ]
    tables = register_frequencies(connection, prepared, learned.frequencies)
    left, right = pairs_worth_weighing(
        connection,
        prepared,
        comparisons,
        learned.parameters,
        tables,
        least_weight=_weight(EXCLUDED_PROBABILITY),
        fresh_only=fresh_only,
    )
    weighed = [typed_frame([], PAIR_TYPES)]
    for start in range(0, len(left), PAIRS_AT_ONCE):
        batch = slice(start, start + PAIRS_AT_ONCE)
        pairs = _answers(
            connection,
            prepared,
            (left[batch], right[batch]),
            comparisons,
            learned.parameters,
            tables,
        )
        own = _weight_within_home(pairs, comparisons, learned.parameters)
        weights = np.asarray(pairs["match_weight"], dtype=np.float64)
        weighed.append(
            pd.DataFrame(
                {
                    "left_profile_key": pairs["left_profile_key"],
                    "right_profile_key": pairs["right_profile_key"],
                    "match_weight": np.minimum(weights, np.round(own, 6)),
                    "evidence": _evidence(pairs, comparisons, learned.parameters),
                }
            ).astype(PAIR_TYPES)
        )
    return pd.concat(weighed, ignore_index=True)


def _answers(
    connection: duckdb.DuckDBPyConnection,
    prepared: PreparedRecords,
    ends: tuple[np.ndarray, np.ndarray],
    comparisons: Sequence[Comparison],
    parameters: Parameters,
    frequencies: dict[str, str],
) -> dict[str, np.ndarray]:
    """Compare some pairs: keys, weight and the level of each comparison, by key."""
    connection.register(
        "linkage_worth_weighing",
        pa.table(
            {
                "join_key_l": ends[0],
                "join_key_r": ends[1],
                "match_key": np.full(len(ends[0]), "0"),
            }
        ),
    )
    linker = make_linker(connection, prepared.table, comparisons, parameters, [])
    for column, table in frequencies.items():
        linker.table_management.register_term_frequency_lookup(
            linker._db_api.register(connection.table(table)), column
        )
    linker.table_management.register_blocked_pairs_for_predict(
        linker._db_api.register(connection.table("linkage_worth_weighing"))
    )
    scored = linker.inference.predict(
        threshold_match_probability=EXCLUDED_PROBABILITY, warning_mode="never"
    )
    answers = ", ".join(f"gamma_{one.name} as {one.name}" for one in comparisons)
    pairs = connection.execute(
        f"""
        select
            least(profile_key_l, profile_key_r) as left_profile_key,
            greatest(profile_key_l, profile_key_r) as right_profile_key,
            round(match_weight, 6) as match_weight,
            {answers}
        from {scored.physical_name}
        order by left_profile_key, right_profile_key
        """
    ).fetchnumpy()
    linker.table_management.delete_tables_created_by_splink_from_db()
    connection.unregister("linkage_worth_weighing")
    return pairs


def judge_pairs(pairs: pd.DataFrame) -> pd.DataFrame:
    """Turn weights into verdicts.

    Parameters
    ----------
    pairs : DataFrame of shape (n_pairs, 4)
        All pairs that `score` gives, by key.

    Returns
    -------
    DataFrame
        As `match_records` gives it.
    """
    weight = pairs["match_weight"].to_numpy(dtype=np.float64)
    ends = pairs[["left_profile_key", "right_profile_key"]].to_numpy(dtype=np.int64)
    places = np.unique(ends.T.ravel(), return_inverse=True)[1]
    left, right = places[: len(weight)], places[len(weight) :]
    groups = consistent_groups(
        left,
        right,
        weight,
        link_weight=_weight(LINK_PROBABILITY),
        excluded_weight=_weight(EXCLUDED_PROBABILITY),
    )
    is_link = weight >= _weight(LINK_PROBABILITY)
    is_link &= groups[left] == groups[right]
    matches = pd.DataFrame(
        {
            "left_profile_key": pairs["left_profile_key"],
            "right_profile_key": pairs["right_profile_key"],
            "match_probability": 1 / (1 + np.exp2(-weight)),
            "match_weight": weight,
            "verdict": np.where(is_link, "link", "review"),
            "evidence": pairs["evidence"],
        }
    ).astype(MATCH_TYPES)
    kept = matches["match_probability"] >= REVIEW_PROBABILITY
    return matches[kept].reset_index(drop=True)


def _weight(probability: float) -> float:
    """Give the log2 of the odds."""
    return float(np.log2(probability / (1 - probability)))


def _weight_within_home(
    pairs: dict[str, np.ndarray],
    comparisons: Sequence[Comparison],
    parameters: Parameters,
) -> np.ndarray:
    """Weigh what a household does not explain; infinite for pairs of two homes.

    Couples, parents and children, twins: they share an address, a telephone and a name,
    and often agree better than two records of one person who moved.
    """
    is_home = np.zeros(len(pairs["left_profile_key"]), dtype=bool)
    own = np.full(len(is_home), _weight(parameters.match_share))
    for one in comparisons:
        if one.name in SHARED_AT_HOME:
            continue
        if one.name == "home":
            is_home = pairs["home"] > len(one.levels) - 1 - HOME_LEVELS
        most = -np.log2(ALIKE_AT_HOME) if one.name in PERSONAL else np.inf
        weights = [
            min(np.log2(same / other), most)
            for same, other in reversed(parameters.shares[one.name])
        ]
        own += np.array([*weights, 0.0])[pairs[one.name]]
    return np.where(is_home, own, np.inf)


def _evidence(
    pairs: dict[str, np.ndarray],
    comparisons: Sequence[Comparison],
    parameters: Parameters,
) -> np.ndarray:
    """Name the attributes that are alike rather in one person than in two."""
    names = []
    for one in comparisons:
        levels = zip(one.levels, parameters.shares[one.name], strict=True)
        said = [
            (level.evidence or one.name) if same > other else ""
            for level, (same, other) in levels
        ]
        # Splink counts levels from the last one; -1, missing, picks the end.
        names.append([*reversed(said), ""])
    alike = np.column_stack(
        [
            np.unique(said, return_inverse=True)[1][pairs[one.name]]
            for one, said in zip(comparisons, names, strict=True)
        ]
    )
    answers, of_pair = np.unique(alike, axis=0, return_inverse=True)
    known = [np.unique(said) for said in names]
    texts = [
        ", ".join(
            filter(None, (said[code] for said, code in zip(known, answer, strict=True)))
        )
        for answer in answers
    ]
    return np.array([*texts, ""], dtype=object)[of_pair.ravel()]


@contextmanager
def scratch_of(
    connection: duckdb.DuckDBPyConnection, records: duckdb.DuckDBPyRelation
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Copy the records into a database in memory, beside those the connection has.

    Splink writes tables wherever it stands; so nothing of it is left in the warehouse.
    What does not fit the memory limit there goes to the warehouse's temporary files.
    """
    # Two models of one build may match at the same time.
    name = f"linkage_scratch_{uuid4().hex}"
    cursor = connection.cursor()
    home = cursor.execute("select current_database()").fetchall()[0][0]
    try:
        cursor.execute(f"attach ':memory:' as {name}")
        try:
            cursor.execute(f"use {name}")
            copy_rows(cursor, "linkage_given", records)
            yield cursor
        finally:
            cursor.execute(f'use "{home}"')
            cursor.execute(f"detach {name}")
    finally:
        cursor.close()


def copy_rows(
    scratch: duckdb.DuckDBPyConnection, table: str, rows: duckdb.DuckDBPyRelation
) -> None:
    """Copy rows of another connection into a table, some at a time.

    The two connections take turns: to read the one while the other is at work may
    leave both waiting.
    """
    reader = rows.to_arrow_reader(ROWS_AT_ONCE)
    scratch.register("linkage_source", reader.schema.empty_table())
    scratch.execute(f"create table {table} as from linkage_source")
    for batch in reader:
        scratch.register("linkage_source", pa.Table.from_batches([batch]))
        scratch.execute(f"insert into {table} from linkage_source")
    scratch.unregister("linkage_source")
