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


@pytest.mark.parametrize(
    ("environment", "is_kept_open"),
    [
        ({}, True),
        ({"TESSERA_KEEP_OPEN": "1"}, True),
        ({"TESSERA_KEEP_OPEN": "0"}, False),
    ],
)
def test_the_warehouse_is_kept_open_unless_told_otherwise(
    tmp_path, environment, is_kept_open
):
    target = rendered_target(
        environment | {"TESSERA_WAREHOUSE": f"{tmp_path}/a.duckdb"}
    )
    del target["type"]
    adapter = LocalEnvironment(DuckDBCredentials.from_dict(target))
    adapter.handle().close()
    assert (adapter.conn is not None) is is_kept_open
    adapter.close()


def test_a_warehouse_that_is_closed_after_each_node_is_built_all_the_same(shop):
    shop.environment |= {"TESSERA_KEEP_OPEN": "0", "TESSERA_THREADS": "1"}
    result = shop.build("--select", "int_clock", "stg_ingest__lake_loads")
    assert "OK created sql table model intermediate.int_clock" in result.log
