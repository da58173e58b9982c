"""Warehouses and sites that the tests of the report share."""

import pytest
from report_warehouse import empty_warehouse, full_warehouse

from tessera.report import write_site


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory):
    return full_warehouse(tmp_path_factory.mktemp("full") / "tessera.duckdb")


@pytest.fixture(scope="session")
def bare_warehouse(tmp_path_factory):
    return empty_warehouse(tmp_path_factory.mktemp("empty") / "tessera.duckdb")


@pytest.fixture(scope="session")
def site(warehouse, tmp_path_factory):
    return write_site(warehouse, tmp_path_factory.mktemp("site")).entry.parent


@pytest.fixture(scope="session")
def bare_site(bare_warehouse, tmp_path_factory):
    return write_site(bare_warehouse, tmp_path_factory.mktemp("site")).entry.parent
