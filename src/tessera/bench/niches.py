"""The search for niches among persons made up: how long, how much, what it finds."""

from __future__ import annotations

import resource
import time

import numpy as np
import pandas as pd

from tessera.bench.measure import markdown_table
from tessera.methods.niches import find_niches

_ATTRIBUTES = 40
_SEGMENTS = 8
_LEVELS = ("high", "low", "usual", "usual", "usual")
_PLANTED = ("segment-1", "segment-4")
_PLANTED_SHARE = 0.04
_COUNTS = ("order_count", "moment_count", None)


def made_up_persons(persons: int, seed: int = 7) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw persons in segments that say nothing, and plant a niche in two of them.

    Parameters
    ----------
    persons : int
        How many.
    seed : int, optional
        Seed of the draw.

    Returns
    -------
    people, attributes : DataFrame
        As `tessera.methods.niches.find_niches` takes them: 40 attributes of eight
        themes, half of them measures in fifths, half with eight values.

    Examples
    --------
    >>> people, attributes = made_up_persons(100)
    >>> len(people), len(attributes)
    (100, 40)
    """
    rng = np.random.default_rng(seed)
    activity = rng.gamma(1.5, 1.0, persons)
    segments = [f"segment-{number}" for number in range(_SEGMENTS)]
    columns = {
        "person_key": rng.permutation(persons),
        "segment_key": rng.choice(segments, persons),
        "order_count": rng.poisson(3 * activity) + 1,
        "moment_count": rng.poisson(10 * activity),
    }
    lines = []
    for number in range(_ATTRIBUTES):
        is_measure = number % 2 == 0
        values = _LEVELS if is_measure else [f"value {one}" for one in range(8)]
        columns[f"attribute_{number}"] = rng.choice(values, persons)
        evidence = _COUNTS[number % len(_COUNTS)]
        lines.append((f"attribute_{number}", f"theme {number % 8}", evidence, True))
    people = pd.DataFrame(columns)
    for segment in _PLANTED:
        inside = np.flatnonzero(people["segment_key"] == segment)
        chosen = rng.choice(inside, int(_PLANTED_SHARE * len(inside)), replace=False)
        people.loc[chosen, ["attribute_1", "attribute_3"]] = ["value 1", "value 7"]
    names = ["attribute", "theme", "evidence", "is_behaviour"]
    return people, pd.DataFrame(lines, columns=names)


def bench_niches(persons: int) -> str:
    """Search niches among persons made up.

    Parameters
    ----------
    persons : int
        How many.

    Returns
    -------
    str
        A table in Markdown: seconds, peak memory of the process, niches found of
        those planted, and others.
    """
    people, attributes = made_up_persons(persons)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started = time.perf_counter()
    found = find_niches(people, attributes)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    is_planted = [
        list(names) == ["attribute_1", "attribute_3"] and segment in _PLANTED
        for names, segment in zip(
            found["attributes"], found["segment_key"], strict=True
        )
    ]
    row = (
        f"{persons:,}",
        str(_ATTRIBUTES),
        f"{seconds:.1f}",
        f"{peak:.0f} ({before:.0f} before)",
        f"{sum(is_planted)} of {len(_PLANTED)}",
        str(len(found) - sum(is_planted)),
    )
    head = ("persons", "attributes", "seconds", "peak MB", "planted found", "others")
    return markdown_table(head, [row])
