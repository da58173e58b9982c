"""The choice of segments on labelled point sets: one configuration for all of them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
from sklearn.metrics import adjusted_rand_score

from tessera.bench.measure import markdown_table
from tessera.methods.candidates import assess_candidates

# Sets whose groups are compact: what centroids and mixtures are made for.
COMPACT_SETS = (
    *("fcps/engytime", "fcps/tetra", "fcps/twodiamonds", "fcps/wingnut", "fcps/lsun"),
    *("sipu/a1", "sipu/r15", "sipu/s1", "sipu/s2", "uci/wine", "other/iris"),
    *("uci/wdbc", "wut/mk1", "wut/x1"),
)
SETTINGS = {
    "minimum_segment_count": 2,
    "maximum_segment_count": 20,
    "random_state": 20250101,
}


@dataclass(frozen=True)
class Verdict:
    """What was found in one labelled set.

    Attributes
    ----------
    dataset : str
    person_count, dimension_count, true_count : int
        Size of the set, and its labels, noise apart.
    leading_count, champion_count : int
        K of the candidate that leads, challengers included, and of the one SQL scores.
    leading_algorithm, champion_algorithm : str
    leading_rand, champion_rand, kmeans_rand : float
        Adjusted Rand index, on points that are not labelled noise, of either, and of
        K-means at the true K.
    seconds : float
    """

    dataset: str
    person_count: int
    dimension_count: int
    true_count: int
    leading_count: int
    leading_algorithm: str
    leading_rand: float
    champion_count: int
    champion_algorithm: str
    champion_rand: float
    kmeans_rand: float
    seconds: float


def read_sets(folder: Path, names: Sequence[str] = ()) -> Iterator[tuple]:
    """Yield name, points and labels of each labelled set, or of those named.

    Columns are scaled to mean 0 and standard deviation 1, as the project scales
    features; nothing else is done to them.
    """
    points = folder / "points_shared.parquet"
    with duckdb.connect() as connection:
        known = [
            name
            for (name,) in connection.execute(
                f"select distinct dataset from '{points}' order by dataset"
            ).fetchall()
        ]
        for name in names or known:
            rows = connection.execute(
                f"select x, labels0 from '{points}' where dataset = ? order by row_id",
                [name],
            ).fetchnumpy()
            matrix = np.array([list(row) for row in rows["x"]], dtype="float64")
            spread = matrix.std(axis=0)
            scaled = (matrix - matrix.mean(axis=0)) / np.where(spread > 0, spread, 1)
            yield name, scaled, np.asarray(rows["labels0"])


def judge(dataset: str, points: np.ndarray, labels: np.ndarray) -> Verdict:
    """Choose without the labels, then compare with them."""
    started = time.perf_counter()
    found = assess_candidates(points, **SETTINGS)
    seconds = time.perf_counter() - started
    is_judged = labels > 0
    true_count = len(np.unique(labels[is_judged]))

    def rand(at: int | None) -> float:
        if at is None or found.numbers[at] is None:
            return float("nan")
        return adjusted_rand_score(labels[is_judged], found.numbers[at][is_judged])

    rows = found.rows
    leading = next(at for at, row in enumerate(rows) if row["is_leading"])
    champion = next(at for at, row in enumerate(rows) if row["is_chosen"])
    at_truth = next(
        (
            at
            for at, row in enumerate(rows)
            if (row["algorithm"], row["segment_count"]) == ("k_means", true_count)
        ),
        None,
    )
    return Verdict(
        dataset,
        *points.shape,
        true_count,
        rows[leading]["segment_count"],
        rows[leading]["algorithm"],
        rand(leading),
        rows[champion]["segment_count"],
        rows[champion]["algorithm"],
        rand(champion),
        rand(at_truth),
        seconds,
    )


def bench_choice(folder: Path, names: Sequence[str] = ()) -> str:
    """Choose for every labelled set and lay the verdicts out as a table.

    Parameters
    ----------
    folder : Path
        With `points_shared.parquet`: `dataset`, `row_id`, `x` (a list) and `labels0`
        (0 is noise).
    names : sequence of str
        Sets to judge; all when empty.

    Returns
    -------
    str
        A Markdown table with a row per set, and the totals below it.
    """
    verdicts = [judge(*one) for one in read_sets(folder, names)]
    table = markdown_table(
        [
            *("set", "persons", "axes", "true K", "leads", "K", "ARI"),
            *("champion", "its K", "its ARI", "K-means at true K", "seconds"),
        ],
        [
            (
                one.dataset,
                str(one.person_count),
                str(one.dimension_count),
                str(one.true_count),
                one.leading_algorithm,
                str(one.leading_count),
                f"{one.leading_rand:.3f}",
                one.champion_algorithm,
                str(one.champion_count),
                f"{one.champion_rand:.3f}",
                f"{one.kmeans_rand:.3f}",
                f"{one.seconds:.1f}",
            )
            for one in verdicts
        ],
    )
    return f"{table}\n\n{totals(verdicts)}"


def totals(verdicts: Sequence[Verdict]) -> str:
    """Sum verdicts up: how often K is right, and the mean adjusted Rand index."""
    lines = []
    for title, some in (
        ("all sets", verdicts),
        ("compact sets", [one for one in verdicts if one.dataset in COMPACT_SETS]),
    ):
        if not some:
            continue
        for kind in ("leading", "champion"):
            right = sum(getattr(one, f"{kind}_count") == one.true_count for one in some)
            mean = np.mean([getattr(one, f"{kind}_rand") for one in some])
            lines.append(
                f"{title}, {kind}: true K in {right} of {len(some)}, "
                f"mean adjusted Rand index {mean:.3f}"
            )
    seconds = sum(one.seconds for one in verdicts)
    return "\n".join([*lines, f"{seconds:.0f} seconds"])
