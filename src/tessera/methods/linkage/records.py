"""Records as the matcher compares them, and the pairs of them worth comparing."""

from __future__ import annotations

from dataclasses import dataclass, replace

import duckdb
import pyarrow as pa

from tessera.methods.linkage.rules import (
    BLOCKING_LADDERS,
    COMPARISONS,
    TRAINING_RULES,
)

TABLE = "linkage_records"
# One column of blocks for each ladder, usable or not.
BLOCKS = tuple(f"block_{i:02}" for i in range(len(BLOCKING_LADDERS)))
# A block of n records gives n (n - 1) / 2 pairs; larger ones are looked at by the next
# rung of their ladder. So the pairs grow with the records, not with their square.
LARGEST_BLOCK = 50
# An address or number of more records than this is nobody's own: a till, a test.
LARGEST_SHARING = 20
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


# What is one person's own, and how it is folded.
OWN_NUMBERS = {
    "email": "nullif(lower(trim(email)), '')",
    "phone": "nullif(right(regexp_replace(phone, '[^0-9]', '', 'g'), 9), '')",
    "identity_number": _packed("identity_number"),
}


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


def crowded_values(records: duckdb.DuckDBPyRelation) -> pa.Table:
    """Find the addresses and numbers of so many records that they are nobody's own.

    Returns
    -------
    pyarrow.Table of shape (n_values, 2)
        `column_name`, of `OWN_NUMBERS`, and the folded `value`.
    """
    counted = [
        records.project(f"'{name}' as column_name, {OWN_NUMBERS[name]} as value")
        .filter("value is not null")
        .aggregate("column_name, value, count(*) as record_count")
        .filter(f"record_count > {LARGEST_SHARING}")
        .project("column_name, value")
        .to_arrow_table()
        for name in OWN_NUMBERS
        if name in records.columns
    ]
    schema = pa.schema([("column_name", pa.string()), ("value", pa.string())])
    return pa.concat_tables([schema.empty_table(), *counted])


def prepare(
    connection: duckdb.DuckDBPyConnection,
    *,
    with_blocks: bool = True,
    crowded: pa.Table | None = None,
) -> PreparedRecords:
    """Fold the values of records and put each into its blocks.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Where the table is made, from `linkage_given`: `profile_key` (bigint) and
        columns of `ATTRIBUTES`, each text or null.
    with_blocks : bool
        Whether records are put into blocks.
    crowded : pyarrow.Table or None
        What `crowded_values` finds in all records, where these are some of them.

    Returns
    -------
    PreparedRecords
        Without blocks to learn from (`add_training_blocks`). No records give an empty
        table and no blocks.
    """
    given = connection.table("linkage_given").columns
    absent = [name for name in ATTRIBUTES if name not in given]
    whole = "".join(f", null::varchar as {name}" for name in absent)
    if crowded is None:
        crowded = crowded_values(connection.table("linkage_given"))
    connection.register("linkage_crowded", crowded)
    connection.execute(
        "create or replace table linkage_folded as "
        + _folded_sql(f"(select *{whole} from linkage_given)")
    )
    connection.unregister("linkage_crowded")
    columns = folded_columns(connection, "linkage_folded")
    counts = connection.execute(
        f"select count(*), {', '.join(f'count({name})' for name in columns)} "
        "from linkage_folded"
    ).fetchall()[0]
    present = {
        name for name, count in zip(columns, counts[1:], strict=True) if count > 0
    }
    ladders = {
        name: [rung for rung in ladder if present.issuperset(rung)]
        for name, ladder in zip(BLOCKS, BLOCKING_LADDERS, strict=True)
    }
    blocks = [name for name, rungs in ladders.items() if rungs and with_blocks]
    _place(connection, {name: ladders[name] for name in blocks})
    connection.execute("drop table linkage_folded")
    return PreparedRecords(TABLE, counts[0], present, blocks, [])


def folded_columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """Name the columns of a table that hold folded values."""
    return [
        name
        for name in connection.table(table).columns
        if name != "profile_key" and not name.startswith(("block_", "training_"))
    ]


def add_training_blocks(
    connection: duckdb.DuckDBPyConnection, prepared: PreparedRecords
) -> PreparedRecords:
    """Add the blocks whose pairs the parameters are learned from."""
    rules = [rule for rule in TRAINING_RULES if prepared.present.issuperset(rule)]
    training = [
        (f"training_{number}", rule, _thin_out(connection, f"training_{number}", rule))
        for number, rule in enumerate(rules)
    ]
    blocks = "".join(f", linkage_{name}.block as {name}" for name, _, _ in training)
    lookups = " ".join(
        f"left join linkage_{name} on "
        + " and ".join(f"records.{column} = linkage_{name}.{column}" for column in rule)
        for name, rule, _ in training
    )
    # Random pairs are drawn by place, so records in any order have to come to one.
    connection.execute(
        f"create or replace table {TABLE} as select records.*{blocks} "
        f"from {prepared.table} as records {lookups} order by records.profile_key"
    )
    for name, _, _ in training:
        connection.execute(f"drop table linkage_{name}")
    return replace(prepared, training=training)


def _known(rung: tuple[str, ...]) -> str:
    return " and ".join(f"{column} is not null" for column in rung)


def _place(
    connection: duckdb.DuckDBPyConnection, ladders: dict[str, list[tuple[str, ...]]]
) -> None:
    """Give each record, on each ladder, the first rung with company, but not too much.

    The values of a rung become one number: numbers are counted and compared fast.
    """
    if not ladders:
        connection.execute(f"create or replace table {TABLE} as from linkage_folded")
        return
    rungs = [
        (name, f"{name}_{number}", number, rung)
        for name, ladder in ladders.items()
        for number, rung in enumerate(ladder)
    ]
    values = ", ".join(
        f"case when {_known(rung)} "
        f"then hash('{name}', {number}, {', '.join(rung)}) end as {value}"
        for name, value, number, rung in rungs
    )
    connection.execute(
        "create or replace table linkage_rungs as "
        f"select profile_key, {values} from linkage_folded"
    )
    # One rung at a time: numbers are counted fast where they stand in one column.
    shared = ", ".join(
        f"shared_{value} as (select {value} from linkage_rungs group by {value} "
        f"having count({value}) between 2 and {LARGEST_BLOCK})"
        for _, value, _, _ in rungs
    )
    placed = ", ".join(
        "coalesce("
        + ", ".join(
            f"shared_{value}.{value}" for own, value, _, _ in rungs if own == name
        )
        + f") as {name}"
        for name in ladders
    )
    lookups = " ".join(
        f"left join shared_{value} on linkage_rungs.{value} = shared_{value}.{value}"
        for _, value, _, _ in rungs
    )
    connection.execute(
        f"""
        create or replace table {TABLE} as
        with {shared},
        placed as (
            select linkage_rungs.profile_key, {placed} from linkage_rungs {lookups}
        )
        select linkage_folded.*, placed.* exclude (profile_key)
        from linkage_folded
        inner join placed using (profile_key)
        """
    )
    connection.execute("drop table linkage_rungs")


def _thin_out(
    connection: duckdb.DuckDBPyConnection, name: str, rule: tuple[str, ...]
) -> float:
    """Keep as many blocks of a training rule as are enough; give the share kept."""
    values = ", ".join(rule)
    connection.execute(
        f"""
        create or replace table linkage_{name} as
        select {values}, concat_ws('|', 0, {values}) as block, count(*) as record_count
        from {TABLE} where {_known(rule)} group by {values}
        having count(*) between 2 and {LARGEST_BLOCK}
        """
    )
    pairs = connection.execute(
        "select coalesce(sum(record_count * (record_count - 1) // 2), 0)::bigint "
        f"from linkage_{name}"
    ).fetchall()[0][0]
    if pairs <= TRAINING_PAIRS:
        return 1.0
    share = TRAINING_PAIRS / pairs
    connection.execute(
        f"delete from linkage_{name} "
        f"where (md5_number_lower(block) % 1000000)::double >= {share * 1e6}"
    )
    return share


def frequency_columns(present: set[str]) -> dict[str, float]:
    """Name the columns whose rare values weigh more, with a value's prior share."""
    return {
        level.frequency_column: level.prior_other
        for comparison in COMPARISONS
        if present & set(comparison.columns)
        for level in comparison.levels
        if level.frequency_column in present
    }


def count_values(
    connection: duckdb.DuckDBPyConnection,
    prepared: PreparedRecords,
    match_share: float,
) -> pa.Table:
    """Count how common each value is among others than the record's own duplicates.

    Returns
    -------
    pyarrow.Table of shape (n_values, 3)
        `column_name`, `value_key` (64 bits of the md5 of column and value) and
        `frequency` (0..1) of the values that several records have; a null key stands
        for every other value of the column.
    """
    own = match_share * (prepared.record_count - 1)
    selects = [
        f"""
        select
            '{column}' as column_name,
            {_value_key(column)} as value_key,
            (greatest(value_count - {own}, 1) + {prior * PRIOR_RECORDS})
            / (total + {PRIOR_RECORDS}) as frequency
        from (
            select {column}, count(*) as value_count, sum(count(*)) over () as total
            from {prepared.table} where {column} is not null group by {column}
        )
        where value_count > 1 and value_count - {own} > 1
        union all
        select
            '{column}', null,
            (1 + {prior * PRIOR_RECORDS}) / (count({column}) + {PRIOR_RECORDS})
        from {prepared.table}
        """
        for column, prior in sorted(frequency_columns(prepared.present).items())
    ]
    return connection.execute(
        " union all ".join(selects) + " order by column_name, value_key"
    ).to_arrow_table()


def register_frequencies(
    connection: duckdb.DuckDBPyConnection, prepared: PreparedRecords, counted: pa.Table
) -> dict[str, str]:
    """Give each value in use the frequency that was counted.

    Returns
    -------
    dict of str to str
        Table of frequencies by column; a value and `tf_<column>`, 0..1.
    """
    connection.register("linkage_counted", counted)
    known = set(counted["column_name"].to_pylist())
    tables = {}
    for column in sorted(known & set(frequency_columns(prepared.present))):
        tables[column] = f"linkage_frequencies_{column}"
        connection.execute(
            f"""
            create or replace table {tables[column]} as
            select
                own.{column},
                coalesce(counted.frequency, rest.frequency) as tf_{column}
            from (
                select {column}, {_value_key(column)} as value_key
                from {prepared.table} where {column} is not null group by {column}
            ) as own
            cross join (
                select frequency from linkage_counted
                where column_name = '{column}' and value_key is null
            ) as rest
            left join linkage_counted as counted
                on counted.column_name = '{column}'
                and own.value_key = counted.value_key
            """
        )
    connection.unregister("linkage_counted")
    return tables


def _value_key(column: str) -> str:
    return f"(md5_number_upper('{column}:' || {column}) >> 1)::bigint"


def _folded_sql(records: str) -> str:
    """Write the query that folds values and takes apart what is matched in parts."""
    own_numbers = ", ".join(
        f"case when crowded_{name}.value is null then {name} end as {name}"
        for name in OWN_NUMBERS
    )
    lookups = " ".join(
        f"left join (select value from linkage_crowded where column_name = '{name}') "
        f"as crowded_{name} on folded.{name} = crowded_{name}.value"
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
                {OWN_NUMBERS["phone"]} as phone,
                {OWN_NUMBERS["email"]} as email,
                {OWN_NUMBERS["identity_number"]} as identity_number,
                {_packed("sex")} as sex,
                {_packed("employment")} as employment
            from {records}
        ),
        owned as (
            select folded.* replace ({own_numbers}) from folded {lookups}
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
    """
