"""Matching night by night: parameters are kept, and only what is new is weighed."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import duckdb
import pandas as pd
import pyarrow as pa

from tessera.methods._frames import typed_frame
from tessera.methods.linkage import rules
from tessera.methods.linkage.matches import (
    PAIR_TYPES,
    Learned,
    learn,
    score,
    scratch_of,
)
from tessera.methods.linkage.model import Parameters
from tessera.methods.linkage.records import (
    ATTRIBUTES,
    BLOCKS,
    PreparedRecords,
    folded_columns,
    prepare,
)

# Parameters are learned again when they are so old, or when there are so many records
# more or less for one of that night.
LONGEST_USE_DAYS = 90
LARGEST_GROWTH = 1.25

LEARNED_SCHEMA = pa.schema(
    [
        ("learned_on", pa.date32()),
        ("reason", pa.string()),
        ("rules_key", pa.string()),
        ("record_count", pa.int64()),
        ("attributes", pa.list_(pa.string())),
        ("match_share", pa.float64()),
        ("shares", pa.string()),
        (
            "frequencies",
            pa.list_(
                pa.struct(
                    [
                        ("column_name", pa.string()),
                        ("value_key", pa.int64()),
                        ("frequency", pa.float64()),
                    ]
                )
            ),
        ),
    ]
)
PLACE_SCHEMA = pa.schema(
    [
        ("profile_key", pa.int64()),
        ("content_key", pa.uint64()),
        *((block, pa.uint64()) for block in BLOCKS),
        ("version", pa.int64()),
    ]
)
CARRIED_TYPES = PAIR_TYPES | {"version": "int64", "learned_key": "str"}


def learn_when_due(
    connection: duckdb.DuckDBPyConnection,
    records: duckdb.DuckDBPyRelation,
    last: pa.Table,
    as_of_date: date,
) -> pa.Table:
    """Learn what records are weighed by, where what is known will not do.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Does the work, in a database of its memory.
    records : DuckDBPyRelation
        As `match_records` takes them.
    last : pyarrow.Table of shape (0 or 1, 8)
        What was learned last, before tonight; `LEARNED_SCHEMA`.
    as_of_date : date
        Tonight.

    Returns
    -------
    pyarrow.Table of shape (0 or 1, 8)
        `LEARNED_SCHEMA`. No row where the last will do, or where there are no two
        records with something to compare. `reason` says why it was learned:

        - 'first': nothing was;
        - 'rules': comparisons, blocks or priors are others;
        - 'attributes': another attribute has values, or one no longer has;
        - 'records': there are 1.25 times as many records, or so many fewer;
        - 'age': 90 days have passed.

        Values are kept as keys, and only those of several records.

    Notes
    -----
    Deterministic, whatever the order of the records.
    """
    given = [name for name in ATTRIBUTES if name in records.columns]
    counts = records.aggregate(
        ", ".join(["count(*)", *(f"count({name})" for name in given)])
    ).fetchall()[0]
    attributes = [
        name for name, count in zip(given, counts[1:], strict=True) if count > 0
    ]
    reason = learning_reason(last, counts[0], attributes, as_of_date)
    if not reason or counts[0] < 2 or not attributes:
        return LEARNED_SCHEMA.empty_table()
    with scratch_of(connection, records) as scratch:
        learned = learn(scratch, prepare(scratch, with_blocks=False))
    row = {
        "learned_on": as_of_date,
        "reason": reason,
        "rules_key": rules_key(),
        "record_count": counts[0],
        "attributes": attributes,
        "match_share": learned.parameters.match_share,
        "shares": json.dumps(learned.parameters.shares, sort_keys=True),
        "frequencies": learned.frequencies.to_pylist(),
    }
    return pa.Table.from_pylist([row], schema=LEARNED_SCHEMA)


def learning_reason(
    last: pa.Table, record_count: int, attributes: list[str], as_of_date: date
) -> str | None:
    """Say why parameters are to be learned, or None when the last will do.

    Examples
    --------
    >>> learning_reason(LEARNED_SCHEMA.empty_table(), 10, ["email"], date(2024, 6, 30))
    'first'
    """
    if not last.num_rows:
        return "first"
    known = last.to_pylist()[0]
    growth = record_count / max(known["record_count"], 1)
    due = {
        "rules": known["rules_key"] != rules_key(),
        "attributes": sorted(known["attributes"]) != sorted(attributes),
        "records": not 1 / LARGEST_GROWTH < growth < LARGEST_GROWTH,
        "age": (as_of_date - known["learned_on"]).days >= LONGEST_USE_DAYS,
    }
    return next((reason for reason, is_due in due.items() if is_due), None)


def rules_key() -> str:
    """Give a key of all that is compared and how; another method has another."""
    said = (
        rules.COMPARISONS,
        rules.BLOCKING_LADDERS,
        rules.TRAINING_RULES,
        rules.PERSONAL,
        rules.LARGEST_PERSONAL_DIFFERENCE,
        rules.HOME_LEVELS,
        rules.SHARED_AT_HOME,
        rules.ALIKE_AT_HOME,
    )
    return hashlib.md5(repr(said).encode(), usedforsecurity=False).hexdigest()


def place_records(
    connection: duckdb.DuckDBPyConnection,
    records: duckdb.DuckDBPyRelation,
    before: duckdb.DuckDBPyRelation,
) -> pa.Table:
    """Put records into their blocks, and say which are other than last time.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Does the work, in a database of its memory.
    records : DuckDBPyRelation
        As `match_records` takes them.
    before : DuckDBPyRelation
        What this gave last time; no rows the first time.

    Returns
    -------
    pyarrow.Table of shape (n_records, 23)
        `PLACE_SCHEMA`, by key: a hash of what the record says, its block on each ladder
        (null: nobody to be compared with there) and the `version` since which all that
        has been as it is; a record that is new or other has the next one.

    Notes
    -----
    Hashes are the engine's own. With another version of it all records are new.
    """
    known = before.to_arrow_table()
    with scratch_of(connection, records) as scratch:
        prepared = prepare(scratch)
        scratch.register("linkage_known", known)
        said = ", ".join(folded_columns(scratch, prepared.table))
        blocks = ", ".join(
            name if name in prepared.blocks else f"null::ubigint as {name}"
            for name in BLOCKS
        )
        same = " and ".join(
            f"tonight.{name} is not distinct from known.{name}"
            for name in ("content_key", *BLOCKS)
        )
        return (
            scratch.execute(
                f"""
                with tonight as (
                    select profile_key, hash({said}) as content_key, {blocks}
                    from {prepared.table}
                )
                select
                    tonight.*,
                    case
                        when {same} then known.version
                        else (select coalesce(max(version), 0) + 1 from linkage_known)
                    end as version
                from tonight
                left join linkage_known as known using (profile_key)
                order by profile_key
                """
            )
            .to_arrow_table()
            .cast(PLACE_SCHEMA)
        )


def score_night(
    connection: duckdb.DuckDBPyConnection,
    records: duckdb.DuckDBPyRelation,
    places: duckdb.DuckDBPyRelation,
    learned: pa.Table,
    before: duckdb.DuckDBPyRelation,
) -> pd.DataFrame:
    """Weigh the pairs of which a record is new or other; carry the rest over.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Does the work, in a database of its memory.
    records : DuckDBPyRelation
        As `match_records` takes them.
    places : DuckDBPyRelation
        What `place_records` says of the same records.
    learned : pyarrow.Table of shape (0 or 1, 8)
        What is in force tonight, of `learn_when_due`.
    before : DuckDBPyRelation
        What this gave last time; no rows the first time.

    Returns
    -------
    DataFrame of shape (n_pairs, 6)
        `CARRIED_TYPES`, by key: all pairs that are not out of the question, with their
        weight, the version of `places` they follow from, and what was learned.

    Notes
    -----
    The same as if all pairs were weighed. What a pair weighs follows from its two
    records alone, and whether it is looked at from their blocks; so a pair stays as it
    is as long as neither record has another content or block. With other parameters
    all pairs are weighed.
    """
    if not learned.num_rows:
        return typed_frame([], CARRIED_TYPES)
    (row,) = learned.to_pylist()
    key = _learned_key(row)
    weighed = before.filter(f"learned_key = '{key}'").df().astype(CARRIED_TYPES)
    known_version = int(weighed["version"].max()) if len(weighed) else 0
    placed = places.to_arrow_table()
    keys = placed["profile_key"].to_numpy()
    version = placed["version"].to_numpy()
    is_settled = version <= known_version
    settled = pd.Index(keys[is_settled])
    carried = weighed[
        weighed["left_profile_key"].isin(settled)
        & weighed["right_profile_key"].isin(settled)
    ]
    fresh = typed_frame([], PAIR_TYPES)
    if not is_settled.all():
        with scratch_of(connection, records) as scratch:
            scratch.register("linkage_placed", placed)
            prepared = _prepare_fresh(scratch, known_version)
            if prepared.blocks:
                fresh = score(scratch, prepared, _learned_of(row), fresh_only=True)
    pairs = pd.concat([carried[list(PAIR_TYPES)], fresh], ignore_index=True)
    pairs = pairs.sort_values(["left_profile_key", "right_profile_key"])
    newest = int(version.max()) if len(version) else 0
    return (
        pairs.assign(version=newest, learned_key=key)
        .astype(CARRIED_TYPES)
        .reset_index(drop=True)
    )


def _prepare_fresh(
    connection: duckdb.DuckDBPyConnection, known_version: int
) -> PreparedRecords:
    """Keep the records that are fresh, and those that stand in a block with one."""
    prepared = prepare(connection, with_blocks=False)
    mates = " union ".join(
        f"select mates.profile_key from linkage_placed as mates semi join fresh "
        f"on mates.{block} = fresh.{block}"
        for block in BLOCKS
    )
    blocks = ", ".join(f"linkage_placed.{block}" for block in BLOCKS)
    connection.execute(
        f"""
        create table linkage_fresh as
        with fresh as (from linkage_placed where version > {known_version}),
        wanted as ({mates})
        select
            records.*, {blocks}, linkage_placed.version > {known_version} as is_fresh
        from {prepared.table} as records
        inner join linkage_placed using (profile_key)
        semi join wanted using (profile_key)
        """
    )
    counts = connection.execute(
        f"select {', '.join(f'count({block})' for block in BLOCKS)} from linkage_fresh"
    ).fetchone()
    return PreparedRecords(
        "linkage_fresh",
        prepared.record_count,
        prepared.present,
        [block for block, count in zip(BLOCKS, counts, strict=True) if count],
        [],
    )


def _learned_key(row: dict) -> str:
    said = f"{row['learned_on']}|{row['match_share']!r}|{row['shares']}"
    return hashlib.md5(said.encode(), usedforsecurity=False).hexdigest()


def _learned_of(row: dict) -> Learned:
    shares = {
        name: [(match, other) for match, other in levels]
        for name, levels in json.loads(row["shares"]).items()
    }
    frequencies = pa.Table.from_pylist(
        row["frequencies"] or [],
        schema=pa.schema(list(LEARNED_SCHEMA.field("frequencies").type.value_type)),
    )
    return Learned(Parameters(row["match_share"], shares), frequencies)
