"""Records as the matcher compares them, and the pairs of them worth comparing."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from tessera.methods.linkage.rules import (
    BLOCKING_LADDERS,
    COMPARISONS,
    TRAINING_RULES,
)

TABLE = "linkage_records"
# A block of n records gives n (n - 1) / 2 pairs; larger ones are looked at by the next
# rung of their ladder. So the pairs grow with the records, not with their square.
LARGEST_BLOCK = 50
# An address or number of more records than this is nobody's own: a till, a test.
LARGEST_SHARING = 20
OWN_NUMBERS = ("email", "phone", "identity_number")
TRAINING_PAIRS = 300_000
# Records that the prior frequency of a value counts for: in a table of three, a value
# that two of them have is not therefore common.
PRIOR_RECORDS = 100

ATTRIBUTES = (
    "first_name",
    "last_name",
    "full_name",
    "birth_date",
    "street_address",
    "city",
    "postcode",
    "region",
    "phone",
    "email",
    "identity_number",
    "sex",
    "employment",
)


def _words(column: str) -> str:
    """Fold a text: small letters and digits without accents, one space between."""
    return (
        f"nullif(trim(regexp_replace(strip_accents(lower({column})), "
        "'[^a-z0-9]+', ' ', 'g')), '')"
    )


def _packed(column: str) -> str:
    """Fold a text, without spaces."""
    return (
        f"nullif(regexp_replace(strip_accents(lower({column})), "
        "'[^a-z0-9]+', '', 'g'), '')"
    )


@dataclass(frozen=True)
class PreparedRecords:
    """Records ready to be compared.

    Parameters
    ----------
    table : str
        Their table.
    record_count : int
        How many there are.
    present : set of str
        Columns that have a value in some record.
    blocks : list of str
        Columns whose equal values make a pair worth scoring.
    training : list of tuple
        Column of blocks, the rule it stands for, and the share of its blocks kept.
    """

    table: str
    record_count: int
    present: set[str]
    blocks: list[str]
    training: list[tuple[str, tuple[str, ...], float]]


def prepare(connection: duckdb.DuckDBPyConnection) -> PreparedRecords:
    """Fold the values of records and put each into its blocks.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Where the table is made.
    records : DuckDBPyRelation
        `profile_key` (bigint) and the columns of `ATTRIBUTES`, each text or null.

    Returns
    -------
    PreparedRecords
        No records give an empty table and no blocks.
    """
    given = connection.table("linkage_given").columns
    absent = [name for name in ATTRIBUTES if name not in given]
    whole = "".join(f", null::varchar as {name}" for name in absent)
    connection.execute(
        "create or replace table linkage_folded as "
        + _folded_sql(f"(select *{whole} from linkage_given)")
    )
    folded = connection.table("linkage_folded")
    columns = [name for name in folded.columns if name != "profile_key"]
    counts = connection.execute(
        f"select count(*), {', '.join(f'count({name})' for name in columns)} "
        "from linkage_folded"
    ).fetchone()
    present = {
        name for name, count in zip(columns, counts[1:], strict=True) if count > 0
    }
    blocks = {}
    for ladder in BLOCKING_LADDERS:
        rungs = [rung for rung in ladder if present.issuperset(rung)]
        if rungs:
            blocks[f"block_{len(blocks)}"] = _block_sql(rungs)
    rules = [rule for rule in TRAINING_RULES if present.issuperset(rule)]
    training = {f"training_{i}": rule for i, rule in enumerate(rules)}
    keys = blocks | {name: _block_sql([rule]) for name, rule in training.items()}
    listed = "".join(f", {sql} as {name}" for name, sql in keys.items())
    connection.execute(
        f"create or replace table {TABLE} as select *{listed} from linkage_folded"
    )
    connection.execute("drop table linkage_folded")
    return PreparedRecords(
        TABLE,
        counts[0],
        present,
        list(blocks),
        [(name, rule, _thin_out(connection, name)) for name, rule in training.items()],
    )


def _block_sql(rungs: list[tuple[str, ...]]) -> str:
    """Give the first rung on which a record has company, but not too much of it."""
    cases = []
    for number, rung in enumerate(rungs):
        values = ", ".join(rung)
        known = " and ".join(f"{column} is not null" for column in rung)
        cases.append(
            f"when {known} and count(*) over (partition by {values}) "
            f"between 2 and {LARGEST_BLOCK} then concat_ws('|', {number}, {values})"
        )
    return f"case {' '.join(cases)} end"


def _thin_out(connection: duckdb.DuckDBPyConnection, block: str) -> float:
    """Keep as many training blocks as are enough; give the share that is kept."""
    pairs = connection.execute(
        f"select coalesce(sum(n * (n - 1) // 2), 0)::bigint from (select count(*) as n "
        f"from {TABLE} where {block} is not null group by {block})"
    ).fetchone()[0]
    if pairs <= TRAINING_PAIRS:
        return 1.0
    share = TRAINING_PAIRS / pairs
    connection.execute(
        f"update {TABLE} set {block} = null "
        f"where (md5_number_lower({block}) % 1000000)::double >= {share * 1e6}"
    )
    return share


def count_values(
    connection: duckdb.DuckDBPyConnection,
    prepared: PreparedRecords,
    match_share: float,
) -> dict[str, str]:
    """Count how common each value is among others than the record's own duplicates.

    Returns
    -------
    dict of str to str
        Table of frequencies by column; a value and `tf_<column>`, 0..1.
    """
    own = match_share * (prepared.record_count - 1)
    expected = {
        level.frequency_column: level.prior_other
        for comparison in COMPARISONS
        if prepared.present & set(comparison.columns)
        for level in comparison.levels
        if level.frequency_column in prepared.present
    }
    tables = {}
    for column, prior in sorted(expected.items()):
        tables[column] = f"linkage_frequencies_{column}"
        connection.execute(
            f"create or replace table {tables[column]} as "
            f"select {column}, "
            f"(greatest(count(*) - {own}, 1) + {prior * PRIOR_RECORDS}) "
            f"/ (sum(count(*)) over () + {PRIOR_RECORDS}) as tf_{column} "
            f"from {prepared.table} where {column} is not null group by {column}"
        )
    return tables


def _folded_sql(records: str) -> str:
    """Write the query that folds values and takes apart what is matched in parts."""
    own_numbers = ", ".join(
        f"case when count(*) over (partition by {name}) <= {LARGEST_SHARING} "
        f"then {name} end as {name}"
        for name in OWN_NUMBERS
    )
    return f"""
        with folded as (
            select
                profile_key,
                {_words("first_name")} as first_words,
                {_words("last_name")} as last_words,
                {_words("full_name")} as full_words,
                nullif(regexp_replace(birth_date, '[^0-9]', '', 'g'), '') as birth_date,
                {_packed("street_address")} as street_address,
                {_packed("city")} as city,
                {_packed("postcode")} as postcode,
                {_packed("region")} as region,
                nullif(right(regexp_replace(phone, '[^0-9]', '', 'g'), 9), '') as phone,
                nullif(lower(trim(email)), '') as email,
                {_packed("identity_number")} as identity_number,
                {_packed("sex")} as sex,
                {_packed("employment")} as employment
            from {records}
        ),
        owned as (
            select * replace ({own_numbers}) from folded
        ),
        named as (
            select
                *,
                coalesce(
                    replace(first_words, ' ', ''),
                    case
                        when full_words like '% %' then split_part(full_words, ' ', 1)
                    end
                ) as given_name,
                coalesce(
                    replace(last_words, ' ', ''),
                    case
                        when full_words like '% %'
                            then split_part(full_words, ' ', -1)
                    end
                ) as family_name,
                string_split(concat_ws(' ', first_words, last_words, full_words), ' ')
                    as name_words,
                nullif(split_part(email, '@', 1), '') as mailbox
            from owned
        )
        select
            * exclude (first_words, last_words, full_words),
            least(given_name, family_name) || ' ' || greatest(given_name, family_name)
                as name_pair,
            left(given_name, 3) as given_start,
            left(family_name, 4) as family_start,
            left(birth_date, 4) as birth_year,
            regexp_replace(mailbox, '[^0-9]', '', 'g') as mailbox_digits,
            left(postcode, greatest(length(postcode) - 3, 2)) as postcode_area
        from named
        order by profile_key
    """
