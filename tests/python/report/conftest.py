"""Warehouses and reports that the tests of the report share."""

import pytest
from report_warehouse import empty_warehouse, full_warehouse

from tessera.report import write_report


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory):
    return full_warehouse(tmp_path_factory.mktemp("full") / "tessera.duckdb")


@pytest.fixture(scope="session")
def bare_warehouse(tmp_path_factory):
    return empty_warehouse(tmp_path_factory.mktemp("empty") / "tessera.duckdb")


@pytest.fixture(scope="session")
def report(warehouse, tmp_path_factory):
    return write_report(warehouse, tmp_path_factory.mktemp("site") / "index.html")


@pytest.fixture(scope="session")
def bare_report(bare_warehouse, tmp_path_factory):
    return write_report(bare_warehouse, tmp_path_factory.mktemp("site") / "index.html")
