"""Settings of the profile that dbt must read as what they mean."""

from pathlib import Path

import pytest
import yaml
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.environments.local import LocalEnvironment
from dbt.config.renderer import ProfileRenderer
from dbt_common.context import set_invocation_context

PROFILES = Path(__file__).parents[3] / "profiles" / "profiles.yml"


def rendered_target(environment):
    """Give the settings of the target `duckdb` as dbt hands them to the adapter."""
    set_invocation_context(environment)
    profile = yaml.safe_load(PROFILES.read_text(encoding="utf-8"))
    return ProfileRenderer({}).render_data(profile)["tessera"]["outputs"]["duckdb"]


def opened(adapter):
    """Take a handle, write a row, give it back; tell if the warehouse stood open."""
    handle = adapter.handle()
    cursor = handle.cursor()
    cursor.execute("create table if not exists written as select 0 as node limit 0")
    cursor.execute("insert into written values (1)")
    databases = {name for (name,) in cursor.execute("show databases").fetchall()}
    if "mark" not in databases:
        cursor.execute("attach ':memory:' as mark")
    handle.close()
    return "mark" in databases


@pytest.mark.parametrize(
    ("environment", "stood_open"),
    [
        ({}, [False, True, True, True, True]),
        ({"TESSERA_CLOSE_EVERY": "0"}, [False, True, True, True, True]),
        ({"TESSERA_CLOSE_EVERY": "1"}, [False, False, False, False, False]),
        ({"TESSERA_CLOSE_EVERY": "3"}, [False, True, True, False, True]),
    ],
)
def test_the_warehouse_is_closed_once_in_as_many_nodes_as_told(
    tmp_path, environment, stood_open
):
    target = rendered_target(
        environment | {"TESSERA_WAREHOUSE": f"{tmp_path}/a.duckdb"}
    )
    del target["type"]
    adapter = LocalEnvironment(DuckDBCredentials.from_dict(target))
    assert [opened(adapter) for _ in stood_open] == stood_open
    # What was written before the file was closed is there after.
    rows = adapter.handle().cursor().execute("select count(*) from written").fetchall()
    assert rows == [(len(stood_open),)]
    adapter.close()
