"""Talk to Superset over its API: import the dashboard, or ask every chart for data.

    superset_api.py import PASSWORD_FILE BUNDLE
    superset_api.py check PASSWORD_FILE

Run by ``scripts/superset`` with Superset's own Python, within this process: no server
has to run. ``import`` replaces database, datasets, charts and dashboard alike; the
command line of Superset would replace the dashboard alone. ``check`` fails when there
is no dashboard, or a chart gives an error or no row.
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

    def send(self, path: str, bundle: bytes) -> tuple[int, dict]:
        """Post a ZIP; give status and answer."""
        _, token = self.get("/api/v1/security/csrf_token/")
        answer = self._client.post(
            path,
            data={"bundle": (BytesIO(bundle), "bundle.zip")},
            headers=self._headers | {"X-CSRFToken": token["result"]},
            content_type="multipart/form-data",
        )
        return answer.status_code, answer.get_json() or {}


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


def check_charts(api: Api) -> int:
    """Print a line per chart; give the number of those that failed."""
    status, found = api.get(f"/api/v1/dashboard/{SLUG}/charts")
    if status != 200 or not found.get("result"):
        print(f"no dashboard {SLUG}: {status} {found}")
        return 1
    failed = 0
    for chart in sorted(found["result"], key=lambda one: one["slice_name"]):
        status, data = api.get(f"/api/v1/chart/{chart['id']}/data/?force=true")
        results = data.get("result") or [{}]
        rows = results[0].get("rowcount") or 0
        error = results[0].get("error") or data.get("message") or data.get("errors")
        is_fine = status == 200 and rows > 0 and not error
        failed += not is_fine
        state = f"{rows} rows" if is_fine else f"FAILED ({status}): {error or 'no row'}"
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
