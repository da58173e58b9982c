"""The world is the same for the same seed, and a longer one holds the shorter."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tessera.world import generate_world
from tessera.world.writing import Background


def make(folder: Path, **changes) -> Path:
    settings = {"persons": 150, "days": 9, "seed": 5, "events_per_person_day": 0.5}
    generate_world(out=folder / "lake", **(settings | {"dirt": 20.0} | changes))
    return folder


def contents(folder: Path, before: str = "9999") -> dict:
    """Give every table of the lake and of the dirty rows, by path, up to a day."""
    found = {}
    for part in ("lake", "truth/dirty_rows"):
        for path in sorted((folder / part).rglob("*.parquet")):
            name = path.relative_to(folder).as_posix()
            if path.stem[-8:] < before:
                found[name] = pq.read_table(path)
    return found


@pytest.fixture(scope="module")
def nine_days(tmp_path_factory) -> Path:
    return make(tmp_path_factory.mktemp("nine"))


def test_same_seed_gives_same_world(nine_days, tmp_path):
    assert contents(make(tmp_path)) == contents(nine_days)


def test_other_seed_gives_another_world(nine_days, tmp_path):
    assert contents(make(tmp_path, seed=6)) != contents(nine_days)


def test_one_day_more_changes_no_earlier_load(nine_days, tmp_path):
    longer = make(tmp_path, days=10)
    assert contents(longer, before="20240110") == contents(nine_days)
    assert len(contents(longer)) > len(contents(nine_days))


def test_last_night_alone_equals_last_night_of_all(nine_days, tmp_path):
    alone = contents(make(tmp_path, first_day=8))
    whole = contents(nine_days)
    assert alone
    assert alone == {name: whole[name] for name in whole if "20240109" in name}


def test_clean_world_has_no_planted_dirt(tmp_path):
    folder = make(tmp_path, days=3, dirt=0.0)
    kinds = set()
    for path in (folder / "truth" / "dirty_rows").glob("*.parquet"):
        kinds |= set(pq.read_table(path)["kind"].to_pylist())
    assert kinds <= {"superseded"}


def test_progress_is_told_for_every_day(tmp_path):
    seen = []
    make(tmp_path, days=3, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("wrong", [{"persons": 0}, {"days": 0}, {"first_day": 9}])
def test_impossible_worlds_are_refused(tmp_path, wrong):
    with pytest.raises(ValueError, match="must be"):
        make(tmp_path, **wrong)


def test_tiniest_world_is_written(tmp_path):
    folder = make(tmp_path, persons=1, days=2)
    assert (folder / "truth" / "persons.parquet").exists()


def test_failed_write_is_not_swallowed():
    def fail():
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"), Background() as background:
        background.run(fail)
