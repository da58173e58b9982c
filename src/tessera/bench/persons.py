"""Persons that a build found, beside the true ones of a planted world."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np

from tessera.bench.measure import markdown_table
from tessera.methods.identity import connected_profiles
from tessera.world.truth_tables import true_profiles_sql

TRUTH = """
    create temp table true_profiles as
    {true_profiles};
    create temp table persons as
    select profiles.*, true_profiles.person_id
    from intermediate.int_person_profiles as profiles
    inner join true_profiles using (source_name, profile_id)
    where person_id is not null
"""
# Whatever two profiles of one true person have in common, by which somebody who knew
# would join them: every identifier, blocked or shared widely or not, the phone alone
# and all that is said of a name together with a birth date or a home.
SHARED = """
    select profile_key, identifier_key as value
    from intermediate.int_profile_identifiers
    union all
    select profile_key, hash('phone', phone)
    from intermediate.int_linkage_records where phone is not null
    union all
    select profile_key, hash('born', lower(last_name), birth_date)
    from intermediate.int_linkage_records
    where last_name is not null and birth_date is not null
    union all
    select profile_key, hash('home', lower(first_name), lower(street_address), postcode)
    from intermediate.int_linkage_records
    where first_name is not null and street_address is not null
"""
KNOWN = ("crm", "shop", "email")


def bench_persons(warehouse: Path, truth: Path) -> str:
    """Hold the persons of a built world against its truth, by pairs of profiles.

    Parameters
    ----------
    warehouse : Path
        What ``dbt build`` made of a planted world; opened read-only.
    truth : Path
        Folder with the world's truth.

    Returns
    -------
    str
        Two Markdown tables. Precision, recall and F1 over all pairs; over those that
        can be resolved, whose profiles share a value with each other or with further
        profiles of their person; and among the sources of known persons. Then the
        pairs that were missed, by sources, and how many of them can be resolved.
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute("set file_search_path = '.'")
        connection.execute(TRUTH.format(true_profiles=true_profiles_sql(truth)))
        profiles = connection.execute(
            "select profile_key, source_name, person_key, person_id from persons "
            "order by profile_key"
        ).fetchnumpy()
        left, right = (
            connection.execute(
                "select "
                "min(profile_key) over (partition by value, person_id), profile_key "
                f"from ({SHARED}) join persons using (profile_key)"
            )
            .fetchnumpy()
            .values()
        )
        resolvable = _resolvable(profiles["profile_key"], left, right)
        connection.register(
            "resolvable",
            {"profile_key": profiles["profile_key"], "component_key": resolvable},
        )
        missed = connection.execute(
            """
            with placed as (from persons join resolvable using (profile_key))
            select
                least(one.source_name, other.source_name) || '-'
                || greatest(one.source_name, other.source_name) as sources,
                count(*)::integer as missed,
                (count(*) filter (one.component_key = other.component_key))::integer
                    as resolvable
            from placed as one
            join placed as other
                on one.person_id = other.person_id
                and one.profile_key < other.profile_key
                and one.person_key != other.person_key
            group by sources
            order by missed desc
            """
        ).fetchall()
    known = np.isin(profiles["source_name"], KNOWN)
    ours, true = profiles["person_key"], profiles["person_id"]
    rows = [
        _figures("all pairs", ours, true),
        _figures("pairs that can be resolved", ours, resolvable),
        _figures(" ".join(KNOWN), ours[known], true[known]),
    ]
    return "\n\n".join(
        [
            markdown_table(
                ["", "true pairs", "found", "precision", "recall", "F1"], rows
            ),
            markdown_table(
                ["sources", "missed", "of which can be resolved"],
                [[name, f"{all_:,}", f"{known_:,}"] for name, all_, known_ in missed],
            ),
        ]
    )


def _resolvable(keys: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Give each profile the component of what it shares with others of its person."""
    found = connected_profiles(left, right)
    component = keys.copy()
    component[np.searchsorted(keys, found["profile_key"].to_numpy())] = found[
        "component_key"
    ].to_numpy()
    return component


def _pairs(*groups: np.ndarray) -> int:
    sizes = np.unique(np.stack(groups), axis=1, return_counts=True)[1].astype("int64")
    return int((sizes * (sizes - 1) // 2).sum())


def _figures(name: str, ours: np.ndarray, true: np.ndarray) -> list[str]:
    both, found, there = _pairs(ours, true), _pairs(ours), _pairs(true)
    return [
        name,
        f"{there:,}",
        f"{both:,}",
        f"{both / found:.4f}",
        f"{both / there:.4f}",
        f"{2 * both / (found + there):.4f}",
    ]
