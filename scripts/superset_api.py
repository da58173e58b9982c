"""Talk to Superset over its API: import the dashboard, or ask every chart for data.

    superset_api.py import PASSWORD_FILE BUNDLE
    superset_api.py check PASSWORD_FILE

Run by ``scripts/superset`` with Superset's own Python, within this process: no server
has to run. ``import`` replaces database, datasets, charts and dashboard alike; the
command line of Superset would replace the dashboard alone. ``check`` fails when there
is no dashboard, or a chart gives an error, or no row although its table has some: on
the first night nobody has moved yet.
"""

from __future__ import annotations

import logging
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from superset.app import create_app

SLUG = "audience"


class Api:
    """Superset's API, logged in as admin."""

    def __init__(self, password_file: str):
        self._client = create_app().test_client()
        login = {
            "username": "admin",
            "password": Path(password_file).read_text(encoding="utf-8").strip(),
            "provider": "db",
            "refresh": False,
        }
        answer = self._client.post("/api/v1/security/login", json=login).get_json()
        if "access_token" not in answer:
            raise SystemExit(f"Superset does not let admin in: {answer}")
        self._headers = {"Authorization": f"Bearer {answer['access_token']}"}

    def get(self, path: str) -> tuple[int, dict]:
        """Give status and answer."""
        answer = self._client.get(path, headers=self._headers)
        return answer.status_code, answer.get_json() or {}

    def post(self, path: str, content: dict) -> tuple[int, dict]:
        """Post JSON; give status and answer."""
        answer = self._client.post(path, json=content, headers=self._with_token())
        return answer.status_code, answer.get_json() or {}

    def send(self, path: str, bundle: bytes) -> tuple[int, dict]:
        """Post a ZIP; give status and answer."""
        answer = self._client.post(
            path,
            data={"bundle": (BytesIO(bundle), "bundle.zip")},
            headers=self._with_token(),
            content_type="multipart/form-data",
        )
        return answer.status_code, answer.get_json() or {}

    def _with_token(self) -> dict[str, str]:
        _, token = self.get("/api/v1/security/csrf_token/")
        return self._headers | {"X-CSRFToken": token["result"]}


def as_assets(bundle: Path) -> bytes:
    """Give a bundle that replaces everything, not the dashboard alone."""
    changed = BytesIO()
    with ZipFile(bundle) as given, ZipFile(changed, "w") as written:
        for name in given.namelist():
            content = given.read(name)
            if name.endswith("/metadata.yaml"):
                content = content.replace(b"type: Dashboard", b"type: assets")
            written.writestr(name, content)
    return changed.getvalue()


def import_bundle(api: Api, bundle: str) -> int:
    """Import a ZIP over whatever was imported before."""
    status, answer = api.send("/api/v1/assets/import/", as_assets(Path(bundle)))
    print(f"import of {bundle}: {answer.get('message', answer)}")
    return 0 if status == 200 else 1


def count_rows(api: Api, dataset: str) -> int | None:
    """Count a dataset's rows through Superset; None when it does not answer."""
    count = {"label": "rows", "expressionType": "SQL", "sqlExpression": "count(*)"}
    number, _, kind = dataset.partition("__")
    status, answer = api.post(
        "/api/v1/chart/data",
        {
            "datasource": {"id": int(number), "type": kind},
            "queries": [{"metrics": [count]}],
            "force": True,
        },
    )
    results = answer.get("result") if status == 200 else None
    return results[0]["data"][0]["rows"] if results and results[0]["data"] else None


def state_of_chart(api: Api, chart: dict) -> tuple[bool, str]:
    """Tell whether a chart is fine, and what it gives."""
    status, data = api.get(f"/api/v1/chart/{chart['id']}/data/?force=true")
    result = (data.get("result") or [{}])[0]
    error = result.get("error") or data.get("message") or data.get("errors")
    rows = result.get("rowcount") or 0
    if status != 200 or error:
        return False, f"FAILED ({status}): {error}"
    if rows:
        return True, f"{rows} rows"
    if count_rows(api, chart["form_data"]["datasource"]) == 0:
        return True, "empty, as its table is"
    return False, "FAILED: no row, although its table has some"


def check_charts(api: Api) -> int:
    """Print a line per chart; give the number of those that failed."""
    status, found = api.get(f"/api/v1/dashboard/{SLUG}/charts")
    if status != 200 or not found.get("result"):
        print(f"no dashboard {SLUG}: {status} {found}")
        return 1
    failed = 0
    for chart in sorted(found["result"], key=lambda one: one["slice_name"]):
        is_fine, state = state_of_chart(api, chart)
        failed += not is_fine
        print(f"{chart['slice_name']}: {state}")
    print(f"{len(found['result'])} charts, {failed} failed")
    return failed


def main(arguments: list[str]) -> int:
    """Do what the arguments say; give the exit code."""
    logging.disable(logging.WARNING)
    match arguments:
        case ["import", password_file, bundle]:
            return import_bundle(Api(password_file), bundle)
        case ["check", password_file]:
            return 1 if check_charts(Api(password_file)) else 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
