"""Publishing: write a version aside, then point readers to it in one step."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import duckdb

from tessera.errors import TesseraError
from tessera.publish.files import (
    DATABASE,
    PARQUET,
    STORAGE_VERSION,
    sha256,
    write_files,
)
from tessera.publish.gates import (
    Build,
    PublicationRefusedError,
    read_build,
    refuse_failed,
)
from tessera.warehouse import attach_warehouse

CURRENT = "current"
MANIFEST = "manifest.json"
REFUSAL = "refused.json"
VERSIONS = "versions"
# Stable names beside `current`, which BI tools are pointed to.
STABLE_NAMES = (DATABASE, PARQUET, MANIFEST)


@dataclass(frozen=True)
class Publication:
    """What readers see from now on.

    Parameters
    ----------
    folder : Path
        Folder of the version.
    manifest : dict
        What ``manifest.json`` says: build, night, tables, checksums and gates.
    is_new : bool
        False when this build had been published before.
    """

    folder: Path
    manifest: dict
    is_new: bool


def publish(
    warehouse: Path,
    published: Path,
    *,
    keep_days: int = 7,
    memory_limit: str = "4GB",
    now: datetime | None = None,
    report: Callable[[str], None] = lambda name: None,
) -> Publication:
    """Publish the marts of a warehouse, when its gates allow it.

    A version is written to a folder of its own, counted, and only then does the link
    ``current`` move to it, in one step. A reader that has the old file open goes on
    reading it; one that opens the new one sees the new build whole. Killed anywhere,
    the old version stays, and the next call clears up.

    Parameters
    ----------
    warehouse : Path
        The DuckDB file that ``dbt build`` made.
    published : Path
        Folder of the publications; made when absent.
    keep_days : int, optional
        Days that a version stays after a newer one was published, 0 or more.
    memory_limit : str, optional
        Memory that DuckDB may use, such as ``4GB``.
    now : datetime.datetime, optional
        Time of publication, in UTC; default: now.
    report : callable, optional
        Told the name of each mart that is done.

    Returns
    -------
    Publication
        The current one. Publishing a build twice changes nothing.

    Raises
    ------
    PublicationRefusedError
        If the build is not whole or a blocking gate failed. The refusal is noted in
        ``refused.json`` and the publication before stays.
    TesseraError
        If there is no warehouse, it is being built, or another publication runs.
    """
    now = now or datetime.now(UTC)
    published.mkdir(parents=True, exist_ok=True)
    with _alone(published), _attached(warehouse, memory_limit) as connection:
        try:
            build = read_build(connection, "warehouse")
            refuse_failed(build.gates)
        except PublicationRefusedError as error:
            refusal = {"refused_at": _instant(now), "reason": str(error)}
            _write_json(published / REFUSAL, refusal)
            raise
        folder = published / VERSIONS / build.build_id
        is_new = not folder.is_dir()
        if is_new:
            _write_version(connection, build, folder, now, report)
        _point_to(folder, published)
        (published / REFUSAL).unlink(missing_ok=True)
        _clear_up(published, folder, now - timedelta(days=keep_days))
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return Publication(folder, manifest, is_new)


@contextmanager
def _alone(published: Path) -> Iterator[None]:
    """Hold the folder's lock; the system lets go of it however the process ends."""
    with (published / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise TesseraError(
                f"{published}: another `tessera publish` is running: wait for it."
            ) from None
        yield


@contextmanager
def _attached(
    warehouse: Path, memory_limit: str
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Attach the warehouse to a connection that may write elsewhere."""
    with duckdb.connect(config={"memory_limit": memory_limit}) as connection:
        attach_warehouse(connection, warehouse, "warehouse")
        yield connection


def _write_version(
    connection: duckdb.DuckDBPyConnection,
    build: Build,
    folder: Path,
    now: datetime,
    report: Callable[[str], None],
) -> None:
    """Write a version aside and move it to its place once it is on the disk."""
    incoming = folder.with_name(f".incoming-{build.build_id}")
    shutil.rmtree(incoming, ignore_errors=True)
    incoming.mkdir(parents=True)
    tables = write_files(connection, build, incoming, report)
    manifest = {
        "build_id": build.build_id,
        "as_of_date": str(build.as_of_date),
        "published_at": _instant(now),
        "tessera_version": version("tessera"),
        "storage_version": STORAGE_VERSION,
        "database_sha256": sha256(incoming / DATABASE),
        "tables": [asdict(table) for table in tables],
        "gates": [asdict(gate) for gate in build.gates],
    }
    _write_json(incoming / MANIFEST, manifest)
    for file in incoming.rglob("*"):
        if file.is_file():
            file.chmod(0o444)
        _flush(file)
    _flush(incoming)
    incoming.rename(folder)
    _flush(folder.parent)


def _point_to(folder: Path, published: Path) -> None:
    """Let `current` and the stable names lead to a version, `current` in one step."""
    _replace_link(published / CURRENT, Path(VERSIONS) / folder.name)
    for name in STABLE_NAMES:
        if not (published / name).is_symlink():
            _replace_link(published / name, Path(CURRENT) / name)
    _flush(published)


def _replace_link(link: Path, target: Path) -> None:
    """Make or move a symbolic link atomically."""
    new = link.with_name(f".{link.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    new.replace(link)


def _clear_up(published: Path, current: Path, before: datetime) -> None:
    """Remove what a killed run left, and versions published before a moment."""
    for folder in (published / VERSIONS).iterdir():
        if folder == current:
            continue
        if folder.name.startswith(".") or _published_at(folder) < before:
            # Gone from its name first, so that no half-deleted version has one.
            leaving = folder.with_name(f".leaving-{folder.name.lstrip('.')}")
            shutil.rmtree(leaving, ignore_errors=True)
            folder.rename(leaving)
            shutil.rmtree(leaving)


def _published_at(folder: Path) -> datetime:
    """Moment at which a version was published."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return datetime.fromisoformat(manifest["published_at"])


def _instant(moment: datetime) -> str:
    """ISO 8601 to the second."""
    return moment.isoformat(timespec="seconds")


def _write_json(file: Path, content: dict) -> None:
    """Write a file of JSON, whole or not at all."""
    new = file.with_name(f".{file.name}.new")
    new.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    new.replace(file)


def _flush(path: Path) -> None:
    """Wait until a file or folder is on the disk, where the system can."""
    descriptor = os.open(path, os.O_RDONLY)
    with suppress(OSError):
        os.fsync(descriptor)
    os.close(descriptor)
