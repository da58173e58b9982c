"""The matcher, beside bare Splink scripts on the same records."""

from __future__ import annotations

import logging
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals import comparison_library as compare

from tessera.bench.measure import markdown_table
from tessera.methods._frames import typed_frame
from tessera.methods.linkage import judge_pairs, match_records
from tessera.methods.linkage.matches import EXCLUDED_PROBABILITY
from tessera.methods.linkage.model import (
    RANDOM_PAIRS,
    SEED,
    make_linker,
    prior_parameters,
    usable_comparisons,
)
from tessera.methods.linkage.nights import (
    CARRIED_TYPES,
    LEARNED_SCHEMA,
    PLACE_SCHEMA,
    learn_when_due,
    place_records,
    score_night,
)
from tessera.methods.linkage.records import add_training_blocks, prepare

# Columns of splink's `historical_50k` under the names that the matcher gives them.
RECORDS = """
    select
        (md5_number_upper(unique_id) >> 1)::bigint as profile_key,
        first_name, surname as last_name, full_name, dob as birth_date,
        birth_place as city, postcode_fake as postcode, gender as sex,
        occupation as employment
    from '{path}'
"""


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
        A Markdown table: pairs found, median seconds, processor seconds, and the ratios
        to bare Splink with the same settings: the same comparisons, blocking rules,
        random pairs and training rules on the same table of folded values, which is
        made before its clock starts and after ours.
    """
    ways = {
        "bare Splink, our settings": _match_with_our_settings,
        "bare Splink, as its demonstration": _match_as_demonstrated,
        "tessera, the first night": _match,
        "tessera, 1 % new records": _match_next_night,
    }
    figures = {name: [] for name in ways}
    for _ in range(runs):
        for name, way in ways.items():
            with duckdb.connect() as connection:
                connection.execute("set threads = 2")
                connection.execute(
                    f"create table records as {RECORDS.format(path=path)}"
                )
                figures[name].append(way(connection))
    medians = {
        name: [statistics.median(column) for column in zip(*rounds, strict=True)]
        for name, rounds in figures.items()
    }
    base = medians["bare Splink, our settings"]
    return markdown_table(
        ["way", "pairs", "seconds", "processor seconds", "times", "times of processor"],
        [
            [
                name,
                f"{pairs:,.0f}",
                f"{seconds:.1f}",
                f"{processor:.1f}",
                f"{seconds / base[0]:.2f}",
                f"{processor / base[1]:.2f}",
            ]
            for name, (seconds, processor, pairs) in medians.items()
        ],
    )


def _clocked(work: Callable[[], int]) -> tuple[float, float, int]:
    started, used = time.perf_counter(), time.process_time()
    pairs = work()
    return time.perf_counter() - started, time.process_time() - used, pairs


def _match(connection: duckdb.DuckDBPyConnection) -> tuple[float, float, int]:
    """Match as the nightly build does when it has to learn."""
    return _clocked(lambda: len(match_records(connection, connection.table("records"))))


def _match_next_night(
    connection: duckdb.DuckDBPyConnection,
) -> tuple[float, float, int]:
    """Match as the nightly build does when one record in a hundred is new."""
    records = connection.table("records")
    known = records.filter("profile_key % 100 != 0")
    learned = learn_when_due(
        connection, known, LEARNED_SCHEMA.empty_table(), date(2024, 6, 29)
    )
    connection.register("no_places", PLACE_SCHEMA.empty_table())
    connection.register("no_pairs", typed_frame([], CARRIED_TYPES))

    def night(
        tonight: duckdb.DuckDBPyRelation, places_before: str, pairs_before: str
    ) -> tuple[pa.Table, pd.DataFrame]:
        learn_when_due(connection, tonight, learned, date(2024, 6, 30))
        places = place_records(connection, tonight, connection.table(places_before))
        connection.register("places", places)
        pairs = score_night(
            connection,
            tonight,
            connection.table("places"),
            learned,
            connection.table(pairs_before),
        )
        return places, pairs

    places, pairs = night(known, "no_places", "no_pairs")
    connection.register("known_places", places)
    connection.register("known_pairs", pairs)
    return _clocked(
        lambda: len(judge_pairs(night(records, "known_places", "known_pairs")[1]))
    )


def _match_with_our_settings(
    connection: duckdb.DuckDBPyConnection,
) -> tuple[float, float, int]:
    """Train and predict with nothing but Splink, on our comparisons and blocks."""
    connection.execute("create table linkage_given as from records")
    prepared = add_training_blocks(connection, prepare(connection))
    comparisons = usable_comparisons(prepared.present)
    linker = make_linker(
        connection,
        prepared.table,
        comparisons,
        prior_parameters(comparisons, prepared.record_count),
        [block_on(block) for block in prepared.blocks],
    )

    def work() -> int:
        _train(linker, [block_on(block) for block, _, _ in prepared.training])
        pairs = linker.inference.predict(
            threshold_match_probability=EXCLUDED_PROBABILITY, warning_mode="never"
        )
        return pairs.as_duckdbpyrelation().count("*").fetchall()[0][0]

    return _clocked(work)


def _train(linker: Linker, rules: list) -> None:
    linker.training.estimate_u_using_random_sampling(
        max_pairs=RANDOM_PAIRS, seed=SEED, min_count_per_level=None, num_chunks=1
    )
    for rule in rules:
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True
        )


def _match_as_demonstrated(
    connection: duckdb.DuckDBPyConnection,
) -> tuple[float, float, int]:
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

    def work() -> int:
        linker.training.estimate_probability_two_random_records_match(
            [
                block_on("first_name", "last_name", "birth_date"),
                "substr(l.first_name, 1, 2) = substr(r.first_name, 1, 2) "
                "and l.last_name = r.last_name "
                "and substr(l.postcode, 1, 2) = substr(r.postcode, 1, 2)",
                block_on("birth_date", "postcode"),
            ],
            recall=0.6,
        )
        _train(linker, [block_on("first_name", "last_name"), block_on("birth_date")])
        pairs = linker.inference.predict(threshold_match_probability=0.5)
        return pairs.as_duckdbpyrelation().count("*").fetchall()[0][0]

    return _clocked(work)
