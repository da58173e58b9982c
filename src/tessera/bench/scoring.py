"""Scoring as generated arithmetic, beside the ways one might score instead."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from tessera.bench.measure import markdown_table
from tessera.lake.contracts import read_contracts
from tessera.lake.layout import initialise_lake
from tessera.methods.components import fit_components, project
from tessera.methods.mixture import nearest_centroid
from tessera.methods.rotation import rotate_components
from tessera.methods.scaling import fit_scaling, transform_features
from tessera.project import find_project

FEATURES = [f"feature_{number}" for number in range(1, 21)]
COMPONENT_COUNT = 8
CENTROID_COUNT = 12
BATCH_ROWS = 122_880
SCORING_MODELS = "fit_axis_terms fit_segment_maps fit_score_maps seg_behaviour_scores"


def bench_scoring(persons: int, runs: int) -> str:
    """Score random persons: 20 features, 8 components, 12 centroids.

    Parameters
    ----------
    persons : int
        How many to score.
    runs : int
        Rounds; in each, every way scores everyone once, in turn.

    Returns
    -------
    str
        A Markdown table: median seconds, million persons a second, and the ratio to
        the generated arithmetic.
    """
    medians = measure_scoring(persons, runs)
    best = medians["generated arithmetic"]
    return markdown_table(
        ["way", "seconds", "million persons a second", "times as long"],
        [
            [
                name,
                f"{value:.2f}",
                f"{persons / value / 1e6:.1f}",
                f"{value / best:.1f}",
            ]
            for name, value in medians.items()
        ],
    )


def measure_scoring(persons: int, runs: int) -> dict[str, float]:
    """Measure every way to score; as `bench_scoring`, without the table.

    Parameters
    ----------
    persons : int
        How many to score.
    runs : int
        Rounds.

    Returns
    -------
    dict of str to float
        Median seconds of each way, the generated arithmetic first.
    """
    with tempfile.TemporaryDirectory() as scratch:
        warehouse = Path(scratch) / "bench.duckdb"
        scaling, components, centroids = _write_model(warehouse, persons)
        query = _compile_scoring(warehouse, Path(scratch))
        with duckdb.connect(str(warehouse)) as connection:
            ways: dict[str, Callable[[], None]] = {
                "generated arithmetic": lambda: _run_sql(connection, query),
                "list functions in SQL": lambda: _run_sql(
                    connection, _list_query(scaling, components, centroids)
                ),
                "NumPy, fetched in batches": lambda: _run_numpy(
                    connection, scaling, components, centroids
                ),
            }
            seconds = {name: [] for name in ways}
            for _ in range(runs):
                for name, way in ways.items():
                    started = time.perf_counter()
                    way()
                    seconds[name].append(time.perf_counter() - started)
    return {name: statistics.median(values) for name, values in seconds.items()}


def _write_model(
    warehouse: Path, persons: int
) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Write random persons and a model fitted on some of them, as the fits do."""
    generator = np.random.default_rng(20250101)
    columns = ", ".join(
        f"ln(1 / (1 - random())) * {number} as {name}"
        for number, name in enumerate(FEATURES, start=1)
    )
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema features")
        connection.execute("create schema fits")
        connection.execute("select setseed(0.5)")
        connection.execute(
            f"""
            create table features.ftr_person_matrix as
            select range as person_key, date '2025-01-01' as as_of_date, {columns}
            from range({persons})
            """
        )
        sample = connection.execute(
            "from features.ftr_person_matrix order by person_key limit 20000"
        ).df()
        registry = pd.DataFrame(
            {
                "feature": FEATURES,
                "transform": ["log1p", "none"] * 10,
                "imputation": "median",
                "weight": 1.0,
            }
        )
        scaling = fit_scaling(sample, registry)
        matrix = transform_features(sample, scaling)
        components = fit_components(matrix, FEATURES, minimum_variance_share=1.0)
        components = components[components["component"] <= COMPONENT_COUNT]
        points = project(matrix, components)
        centroids = points[generator.choice(len(points), CENTROID_COUNT, replace=False)]
        numbers = {name: number for number, name in enumerate(FEATURES, start=1)}
        tables = {
            "fit_feature_scaling": scaling.assign(
                feature_number=scaling["feature"].map(numbers)
            ),
            "fit_components": components.assign(
                feature_number=components["feature"].map(numbers)
            ),
            "fit_axes": rotate_components(components).assign(
                feature_number=components["feature"].map(numbers).to_numpy()
            ),
            "fit_centroids": pd.DataFrame(
                {
                    "segment_number": range(1, CENTROID_COUNT + 1),
                    "coordinates": list(centroids),
                    "person_share": 1 / CENTROID_COUNT,
                    "pooled_variance": 1.0,
                }
            ),
        }
        for name, table in tables.items():
            connection.register("fitted", table)
            connection.execute(
                f"create table fits.{name} as "
                "select *, date '2025-01-01' as fitted_on from fitted"
            )
            connection.unregister("fitted")
        connection.execute(
            """
            create table fits.fit_centroids_in_use as
            select
                date '2025-01-01' as as_of_date,
                as_of_date as fitted_on,
                as_of_date as centroids_on,
                false as is_changed;
            create table fits.fit_known_centroids as
            select *, fitted_on as centroids_on from fits.fit_centroids
            """
        )
    return scaling, components, centroids


def _compile_scoring(warehouse: Path, scratch: Path) -> str:
    """Compile the project's own scoring model against the written parameters."""
    project_root = find_project().root
    initialise_lake(scratch / "lake", read_contracts(project_root))
    subprocess.run(
        ["dbt", "--quiet", "run", "--select", SCORING_MODELS],
        cwd=project_root,
        env={
            **os.environ,
            "TESSERA_LAKE": str(scratch / "lake"),
            "TESSERA_WAREHOUSE": str(warehouse),
            "DBT_TARGET_PATH": str(scratch / "target"),
            "DBT_LOG_PATH": str(scratch / "logs"),
        },
        check=True,
        capture_output=True,
    )
    (compiled,) = (scratch / "target" / "compiled").rglob("seg_behaviour_scores.sql")
    return compiled.read_text(encoding="utf-8")


def _run_sql(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    """Score into a table, as a dbt model would."""
    connection.execute(f"create or replace temp table scored as {query}")


def _list_query(
    scaling: pd.DataFrame, components: pd.DataFrame, centroids: np.ndarray
) -> str:
    """Write the same scoring with list functions and a join to the centroids."""
    by_feature = scaling.set_index("feature")
    values = []
    for name in FEATURES:
        row = by_feature.loc[name]
        known = f"coalesce({name}, {row['imputed_value']})"
        raw = f"least(greatest({known}, {row['lower_bound']}), {row['upper_bound']})"
        value = f"ln(1 + greatest({raw}, 0))" if row["transform"] == "log1p" else raw
        values.append(f"({value} - {row['center']}) / {row['scale']}")
    by_component = components.groupby("component")["weight_value"]
    axes = ", ".join(
        f"list_dot_product(standardised, {weights.tolist()})"
        for _, weights in by_component
    )
    rows = ", ".join(
        f"({number}, {centroid.tolist()})"
        for number, centroid in enumerate(centroids, start=1)
    )
    return f"""
        with standardised as (
            select person_key, [{", ".join(values)}]::double[] as standardised
            from features.ftr_person_matrix
        ),
        projected as (select person_key, [{axes}]::double[] as point from standardised)
        select
            person_key,
            arg_min(segment_number, list_distance(point, centroid)) as segment_number
        from projected
        cross join (values {rows}) as centroids (segment_number, centroid)
        group by person_key
    """


def _run_numpy(
    connection: duckdb.DuckDBPyConnection,
    scaling: pd.DataFrame,
    components: pd.DataFrame,
    centroids: np.ndarray,
) -> None:
    """Fetch batches, score them in NumPy, and write the numbers back."""
    reader = connection.execute("from features.ftr_person_matrix").to_arrow_reader(
        BATCH_ROWS
    )
    keys, numbers = [], []
    for batch in reader:
        people = batch.to_pandas()
        points = project(transform_features(people, scaling), components)
        keys.append(people["person_key"].to_numpy())
        numbers.append(nearest_centroid(points, centroids))
    connection.register(
        "numpy_scored",
        pd.DataFrame(
            {
                "person_key": np.concatenate(keys),
                "segment_number": np.concatenate(numbers),
            }
        ),
    )
    connection.execute("create or replace temp table scored as from numpy_scored")
    connection.unregister("numpy_scored")
