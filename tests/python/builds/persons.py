"""Persons in groups, written where the behaviour fits and scores read them.

A night of them takes seconds.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[3]
GROUP_COUNT, PERSONS_A_GROUP = 4, 60
SELECTION = (
    "--select", "path:seeds/features.csv", "path:seeds/trait_names.csv",
    "ftr_feature_labels",
    "path:models/fits/behaviour",
    "path:models/segments/behaviour", "fct_model_versions", "fct_segment_lineage",
    "--exclude", "seg_imputed_values", "fit_projection",
    "resource_type:test", "resource_type:unit_test",
)  # fmt: skip


def clustered_features():
    """Read the lines of the registry that are clustered on."""
    registry = pd.read_csv(ROOT / "seeds" / "features.csv", dtype=str)
    return registry[registry["is_clustered"] == "true"]


def persons_in_groups(seed=0, noise=0.1, shift=0.0):
    """Draw persons around group centres that are the same for every seed.

    A shift moves the centre of the first group towards that of the second, by a share
    of the way.
    """
    features = clustered_features()["feature"].tolist()
    centres = np.random.default_rng(1).normal(size=(GROUP_COUNT, len(features)))
    centres[0] += shift * (centres[1] - centres[0])
    random = np.random.default_rng([2, seed])
    groups = np.repeat(np.arange(GROUP_COUNT), PERSONS_A_GROUP)
    drawn = centres[groups] + noise * random.normal(size=(len(groups), len(features)))
    persons = pd.DataFrame(np.exp(drawn), columns=features)
    for column in ("recency_days", "order_count", "monetary_amount"):
        persons[column] = persons.get(column, persons[features[0]])
    # Everybody came back: who has ordered once teaches a model nothing.
    persons["order_count"] *= 1_000
    keys = np.random.default_rng(3).integers(1, 2**62, len(groups))
    return persons.assign(person_key=keys, group=groups)


def write_night(workspace, night, persons):
    """Write what the behaviour fits and scores read, as of a night."""
    persons = persons.drop(columns="group")
    with duckdb.connect(str(workspace.warehouse)) as connection:
        for schema in ("intermediate", "features", "fits", "segments"):
            connection.execute(f"create schema if not exists {schema}")
        day = f"date '{night}'"
        for name, select in {
            "intermediate.int_clock": f"select {day} as as_of_date",
            "features.ftr_person_matrix": f"select *, {day} as as_of_date from persons",
            "features.ftr_person_rfm": "select 729 as tenure_days",
            "features.ftr_person_groups": (
                f"select person_key, {day} as as_of_date, null::varchar as region, "
                "null::varchar as country_code, null::varchar as sex, "
                "null::varchar as age_band, '1' as order_band, '365+' as tenure_band "
                "from persons"
            ),
            "segments.seg_regrouped_persons": (
                "select person_key from persons where false"
            ),
            "segments.seg_rfm_scores": (
                f"select person_key, {day} as as_of_date from persons"
            ),
            "features.ftr_department_slots": (
                "select 0 as slot_number, '' as department where false"
            ),
            "fits.fit_person_outliers": (
                "select 0::bigint as person_key, '' as variable, '' as action "
                "where false"
            ),
            "fits.fit_outlier_bounds": (
                "select '' as variable, '' as action, 0::double as lower_bound, "
                "0::double as upper_bound where false"
            ),
        }.items():
            connection.execute(f"create or replace table {name} as {select}")
