"""Planted worlds that the benchmark measures on, made once and kept."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from tessera.lake.contracts import read_contracts
from tessera.lake.layout import initialise_lake
from tessera.world import generate_world

DAYS = 730
EVENTS_PER_PERSON = 20


def make_world(worlds: Path, events: int, project_root: Path) -> Path:
    """Give the lake of a world of two years; generate it when it is not there.

    Parameters
    ----------
    worlds : Path
        Folder that keeps worlds.
    events : int
        Web, e-mail, social and ads events, about; orders and lines come on top.
    project_root : Path
        Project whose contracts lay the lake out.

    Returns
    -------
    Path
        Root of the lake.
    """
    persons = events // EVENTS_PER_PERSON
    folder = worlds / f"{persons}-{DAYS}"
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        generate_world(
            persons=persons,
            days=DAYS,
            seed=1,
            out=folder / "lake",
            events_per_person_day=EVENTS_PER_PERSON / DAYS,
        )
        initialise_lake(folder / "lake", read_contracts(project_root))
        (folder / "done").touch()
    return folder / "lake"


@contextmanager
def lake_without_last_load(lake: Path, scratch: Path) -> Iterator[tuple[Path, date]]:
    """Lay a second lake beside one, that lacks the last day's files.

    Its files are the same ones, by hard links, so that it takes no room.

    Parameters
    ----------
    lake : Path
        Root of the whole lake.
    scratch : Path
        Folder to make, on the same file system; it is removed afterwards.

    Yields
    ------
    lake : Path
        Root of the lake without the last load; `add_last_load` brings it.
    last_load : date
        The day that is missing.
    """
    last_load = max(
        folder.name.partition("=")[2] for folder in lake.glob("*/*/loaded_on=*")
    )
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        shutil.copytree(
            lake,
            scratch,
            copy_function=os.link,
            ignore=shutil.ignore_patterns(f"loaded_on={last_load}"),
        )
        yield scratch, date.fromisoformat(last_load)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def add_last_load(lake: Path, scratch: Path, last_load: date) -> None:
    """Bring the files that `lake_without_last_load` left out; again changes nothing."""
    for folder in lake.glob(f"*/*/loaded_on={last_load}"):
        target = scratch / folder.relative_to(lake)
        if not target.exists():
            shutil.copytree(folder, target, copy_function=os.link)


def remove_last_load(scratch: Path, last_load: date) -> None:
    """Take those files away again."""
    for folder in scratch.glob(f"*/*/loaded_on={last_load}"):
        shutil.rmtree(folder)
