"""The matcher on public data whose true pairs are known; it never sees who is who.

One configuration for all. Each set's columns are mapped to the matcher's records as
they are; `entity_id`, `cluster` and record numbers stay out, and keys are hashes in
which no order is left.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from tessera.methods.linkage import match_records

FEBRL = """
    select
        rec_id as record_id, entity_id as person, given_name as first_name,
        surname as last_name, date_of_birth as birth_date,
        concat_ws(' ', street_number, address_1) as street_address, suburb as city,
        postcode, state as region, soc_sec_id as identity_number
"""
FAKE = """
    select
        unique_id as record_id, cluster as person, first_name, surname as last_name,
        dob::varchar as birth_date, city, email
"""
HISTORICAL = """
    select
        unique_id as record_id, cluster as person, first_name, surname as last_name,
        full_name, dob as birth_date, birth_place as city, postcode_fake as postcode,
        gender as sex, occupation as employment
"""
RLDATA = """
    select
        row_number() over () as record_id, entity_id as person,
        concat_ws(' ', fname_c1, fname_c2) as first_name,
        concat_ws(' ', lname_c1, lname_c2) as last_name,
        "by" || lpad(bm, 2, '0') || lpad(bd, 2, '0') as birth_date
"""


def pairwise(connection: duckdb.DuckDBPyConnection) -> tuple[float, float]:
    """Give F1 and precision of the persons that the links make, by pairs of records."""
    people = connection.execute("select profile_key, person from people").df()
    matches = match_records(
        connection,
        connection.sql("select * exclude (person, record_id) from people"),
    )
    links = matches[matches["verdict"] == "link"]
    place = pd.Series(np.arange(len(people)), index=people["profile_key"])
    ends = (place[links["left_profile_key"]], place[links["right_profile_key"]])
    graph = coo_matrix((np.ones(len(links)), ends), shape=(len(people),) * 2)
    people["found"] = connected_components(graph, directed=False)[1]

    def pairs(columns: list[str]) -> int:
        sizes = people.groupby(columns).size()
        return int((sizes * (sizes - 1) // 2).sum())

    right, found, true = pairs(["found", "person"]), pairs(["found"]), pairs(["person"])
    return 2 * right / (found + true), right / found


@pytest.mark.parametrize(
    ("name", "mapping", "least"),
    [
        ("febrl_dataset1", FEBRL, 0.99),
        ("febrl_dataset2", FEBRL, 0.998),
        ("febrl_dataset3", FEBRL, 0.998),
        ("splink_fake_1000", FAKE, 0.92),
        pytest.param("splink_historical_50k", HISTORICAL, 0.82, marks=pytest.mark.slow),
        ("RLdata500", RLDATA, 0.9),
    ],
)
def test_published_pairs_are_found(shared_data, name, mapping, least):
    path = shared_data / "identity" / f"{name}.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            create table people as
            select
                (md5_number_upper('record ' || record_id) >> 1)::bigint as profile_key,
                *
            from ({mapping} from '{path}')
            """
        )
        score, precision = pairwise(connection)
    assert score >= least
    assert precision >= 0.93
