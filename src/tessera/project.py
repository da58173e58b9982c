"""Where the project and what it makes are found."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tessera.errors import TesseraError


@dataclass(frozen=True)
class Project:
    """Folders and files of one checkout of the dbt project.

    Parameters
    ----------
    root : Path
        Folder that holds ``dbt_project.yml``.
    lake : Path
        Root of the lake: ``TESSERA_LAKE``, default ``lake``.
    warehouse : Path
        The working DuckDB file: ``TESSERA_WAREHOUSE``, default
        ``warehouse/tessera.duckdb``.
    site : Path
        Folder of the report and the lineage page: ``TESSERA_SITE``, default
        ``site``.
    published : Path
        Folder of what BI tools read: ``TESSERA_PUBLISHED``, default ``published``.
    """

    root: Path
    lake: Path
    warehouse: Path
    site: Path
    published: Path

    @property
    def manifest(self) -> Path:
        """What dbt knows of the project: ``DBT_TARGET_PATH``, default ``target``."""
        target = os.environ.get("DBT_TARGET_PATH", "target")
        return self.root / target / "manifest.json"


def find_project(start: Path | None = None) -> Project:
    """Find the project that a folder belongs to.

    Parameters
    ----------
    start : Path, optional
        Folder to look from, upwards. Default: the working directory.

    Returns
    -------
    Project
        Relative settings are read against the project's root, as dbt does.

    Raises
    ------
    TesseraError
        If no ``dbt_project.yml`` stands in `start` or above it.
    """
    start = (start or Path.cwd()).resolve()
    for folder in [start, *start.parents]:
        if (folder / "dbt_project.yml").is_file():
            return Project(
                root=folder,
                lake=folder / os.environ.get("TESSERA_LAKE", "lake"),
                warehouse=folder
                / os.environ.get("TESSERA_WAREHOUSE", "warehouse/tessera.duckdb"),
                site=folder / os.environ.get("TESSERA_SITE", "site"),
                published=folder / os.environ.get("TESSERA_PUBLISHED", "published"),
            )
    raise TesseraError(
        f"no dbt_project.yml in {start.name}/ or above it: run this from the project."
    )
