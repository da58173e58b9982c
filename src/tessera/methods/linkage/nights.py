"""Matching night by night: parameters are kept, and only what is new is weighed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date

import duckdb
import pandas as pd
import pyarrow as pa

from tessera.methods._frames import typed_frame
from tessera.methods.linkage import rules
from tessera.methods.linkage.matches import (
    PAIR_TYPES,
    Learned,
    copy_rows,
    learn,
    score,
    scratch_of,
)
from tessera.methods.linkage.model import Parameters
from tessera.methods.linkage.records import (
    ATTRIBUTES,
    BLOCKS,
    PreparedRecords,
    crowded_values,
    folded_columns,
    prepare,
)

# Parameters are learned again when they are so old, or when there are so many records
# more or less for one of that night.
LONGEST_USE_DAYS = 90
LARGEST_GROWTH = 1.25
# Where more of the records are fresh than this share, all are looked at.
LARGEST_FRESH_SHARE = 0.1

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
    }
    *few, many = LEARNED_SCHEMA
    frequencies = pa.ListArray.from_arrays(
        [0, learned.frequencies.num_rows],
        learned.frequencies.to_struct_array().combine_chunks(),
    )
    return (
        pa.Table.from_pylist([row], schema=pa.schema(few))
        .append_column(many.name, frequencies)
        .cast(LEARNED_SCHEMA)
    )


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
    known = _settings(last)
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
    with scratch_of(connection, records) as scratch:
        prepared = prepare(scratch)
        copy_rows(scratch, "linkage_known", before)
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
    row = _settings(learned)
    key = _learned_key(row)
    weighed = before.filter(f"learned_key = '{key}'")
    ((known_version,),) = weighed.aggregate("coalesce(max(version), 0)").fetchall()
    is_fresh = f"version > {known_version}"
    newest, count, fresh_count = places.aggregate(
        f"coalesce(max(version), 0), count(*), count(*) filter ({is_fresh})"
    ).fetchall()[0]
    settled = places.filter(f"not ({is_fresh})").project("profile_key")
    carried = _at_keys(
        _at_keys(weighed, "left_profile_key", settled), "right_profile_key", settled
    )
    pairs = [carried.project(", ".join(PAIR_TYPES)).df().astype(PAIR_TYPES)]
    if fresh_count:
        wanted = places
        crowded = None
        if fresh_count <= count * LARGEST_FRESH_SHARE:
            wanted = _mates(places, is_fresh)
            crowded = crowded_values(records)
            records = _at_keys(records, "profile_key", wanted)
        with scratch_of(connection, records) as scratch:
            marked = wanted.project(f"* exclude (version), {is_fresh} as is_fresh")
            copy_rows(scratch, "linkage_placed", marked)
            prepared = _prepare_fresh(scratch, crowded)
            if prepared.blocks:
                learned_then = _learned_of(learned)
                pairs.append(score(scratch, prepared, learned_then, fresh_only=True))
    return (
        pd.concat(pairs, ignore_index=True)
        .sort_values(["left_profile_key", "right_profile_key"])
        .assign(version=newest, learned_key=key)
        .astype(CARRIED_TYPES)
        .reset_index(drop=True)
    )


def _at_keys(
    rows: duckdb.DuckDBPyRelation, column: str, keyed: duckdb.DuckDBPyRelation
) -> duckdb.DuckDBPyRelation:
    """Keep the rows whose key is among those of others."""
    return rows.set_alias("kept").join(
        keyed.set_alias("keyed"), f"kept.{column} = keyed.profile_key", how="semi"
    )


def _mates(places: duckdb.DuckDBPyRelation, is_fresh: str) -> duckdb.DuckDBPyRelation:
    """Keep the records that stand in a block with a fresh one, and the fresh ones."""
    fresh = places.filter(is_fresh).set_alias("fresh")
    keys = None
    for block in BLOCKS:
        mates = (
            places.project(f"profile_key, {block}")
            .set_alias("mates")
            .join(fresh, f"mates.{block} = fresh.{block}", how="semi")
            .project("profile_key")
        )
        keys = mates if keys is None else keys.union(mates)
    return _at_keys(places, "profile_key", keys.distinct())


def _prepare_fresh(
    connection: duckdb.DuckDBPyConnection, crowded: pa.Table | None
) -> PreparedRecords:
    """Fold the records, and take their blocks from where they were placed."""
    prepared = prepare(connection, with_blocks=False, crowded=crowded)
    connection.execute(
        f"""
        create table linkage_fresh as
        select records.*, placed.* exclude (profile_key, content_key)
        from {prepared.table} as records
        inner join linkage_placed as placed using (profile_key)
        """
    )
    connection.execute(f"drop table {prepared.table}")
    connection.execute("drop table linkage_placed")
    counts = connection.execute(
        f"select {', '.join(f'count({block})' for block in BLOCKS)} from linkage_fresh"
    ).fetchall()[0]
    return replace(
        prepared,
        table="linkage_fresh",
        blocks=[block for block, count in zip(BLOCKS, counts, strict=True) if count],
    )


def _learned_key(row: dict) -> str:
    said = f"{row['learned_on']}|{row['match_share']!r}|{row['shares']}"
    return hashlib.md5(said.encode(), usedforsecurity=False).hexdigest()


def _settings(learned: pa.Table) -> dict:
    """Give what was learned, but for the frequencies, which may be millions."""
    return learned.drop_columns(["frequencies"]).to_pylist()[0]


def _learned_of(learned: pa.Table) -> Learned:
    row = _settings(learned)
    shares = {
        name: [(match, other) for match, other in levels]
        for name, levels in json.loads(row["shares"]).items()
    }
    frequencies = learned["frequencies"].combine_chunks().flatten()
    return Learned(
        Parameters(row["match_share"], shares), pa.Table.from_struct_array(frequencies)
    )
