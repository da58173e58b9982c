"""The matcher, beside a bare Splink script on the same records."""

from __future__ import annotations

import logging
import statistics
import time
from pathlib import Path

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals import comparison_library as compare

from tessera.bench.measure import markdown_table
from tessera.methods.linkage import match_records

# Columns of splink's `historical_50k` under the names that the matcher gives them.
RECORDS = """
    select
        (md5_number_upper(unique_id) >> 1)::bigint as profile_key,
        first_name, surname as last_name, full_name, dob as birth_date,
        birth_place as city, postcode_fake as postcode, gender as sex,
        occupation as employment
    from '{path}'
"""
RANDOM_PAIRS = 1_000_000
SEED = 20250101


def bench_linkage(path: Path, runs: int) -> str:
    """Match splink's `historical_50k`, with and without what is built around Splink.

    Parameters
    ----------
    path : Path
        The data set as Parquet.
    runs : int
        Rounds; in each, both match everything once, in turn.

    Returns
    -------
    str
        A Markdown table: pairs found, median seconds, processor seconds, and the ratio
        to the bare script.
    """
    ways = {"bare Splink": _match_bare, "tessera": _match}
    figures = {name: [] for name in ways}
    for _ in range(runs):
        for name, way in ways.items():
            with duckdb.connect() as connection:
                connection.execute("set threads = 2")
                connection.execute(
                    f"create table records as {RECORDS.format(path=path)}"
                )
                started, used = time.perf_counter(), time.process_time()
                pairs = way(connection)
                figures[name].append(
                    (time.perf_counter() - started, time.process_time() - used, pairs)
                )
    medians = {
        name: [statistics.median(column) for column in zip(*rounds, strict=True)]
        for name, rounds in figures.items()
    }
    base = medians["bare Splink"]
    return markdown_table(
        ["way", "pairs", "seconds", "processor seconds", "times as long"],
        [
            [
                name,
                f"{pairs:,.0f}",
                f"{seconds:.1f}",
                f"{processor:.1f}",
                f"{processor / base[1]:.2f}",
            ]
            for name, (seconds, processor, pairs) in medians.items()
        ],
    )


def _match(connection: duckdb.DuckDBPyConnection) -> int:
    """Match as the nightly build does."""
    return len(match_records(connection, connection.table("records")))


def _match_bare(connection: duckdb.DuckDBPyConnection) -> int:
    """Match as the demonstration of Splink on these data does."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="profile_key",
        blocking_rules_to_generate_predictions=[
            block_on("substr(first_name, 1, 3)", "substr(last_name, 1, 4)"),
            block_on("last_name", "birth_date"),
            block_on("first_name", "birth_date"),
            block_on("postcode", "first_name"),
            block_on("postcode", "last_name"),
            block_on("birth_date", "city"),
            block_on("substr(postcode, 1, 3)", "birth_date"),
            block_on("substr(postcode, 1, 3)", "first_name"),
            block_on("substr(postcode, 1, 3)", "last_name"),
            block_on("substr(first_name, 1, 2)", "substr(last_name, 1, 2)", "city"),
        ],
        comparisons=[
            compare.ForenameSurnameComparison("first_name", "last_name"),
            compare.DamerauLevenshteinAtThresholds("birth_date", [1, 2]),
            compare.PostcodeComparison("postcode"),
            compare.ExactMatch("city").configure(term_frequency_adjustments=True),
            compare.ExactMatch("employment").configure(term_frequency_adjustments=True),
        ],
    )
    api = DuckDBAPI(connection=connection)
    linker = Linker(api.register(connection.table("records")), settings, log_level=None)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [
            block_on("first_name", "last_name", "birth_date"),
            "substr(l.first_name, 1, 2) = substr(r.first_name, 1, 2) "
            "and l.last_name = r.last_name "
            "and substr(l.postcode, 1, 2) = substr(r.postcode, 1, 2)",
            block_on("birth_date", "postcode"),
        ],
        recall=0.6,
    )
    training.estimate_u_using_random_sampling(
        max_pairs=RANDOM_PAIRS, seed=SEED, min_count_per_level=None, num_chunks=1
    )
    for rule in (block_on("first_name", "last_name"), block_on("birth_date")):
        training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True
        )
    pairs = linker.inference.predict(threshold_match_probability=0.5)
    return pairs.as_duckdbpyrelation().count("*").fetchone()[0]
