"""Ask Superset's API for the dashboard and for the data of each of its charts.

Run by ``scripts/superset check`` with Superset's own Python; the first argument is the
file with admin's password. Fails when the dashboard lacks a chart, or a chart gives an
error or no row.
"""

from __future__ import annotations

import sys
from pathlib import Path

from superset.app import create_app

SLUG = "audience"


def main(password_file: str) -> int:
    """Print a line per chart; give the number of charts that failed."""
    app = create_app()
    client = app.test_client()
    password = Path(password_file).read_text(encoding="utf-8").strip()
    login = {
        "username": "admin",
        "password": password,
        "provider": "db",
        "refresh": False,
    }
    token = client.post("/api/v1/security/login", json=login).get_json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}

    def get(path: str) -> tuple[int, dict]:
        answer = client.get(path, headers=headers)
        return answer.status_code, answer.get_json() or {}

    status, found = get(f"/api/v1/dashboard/{SLUG}/charts")
    if status != 200 or not found.get("result"):
        print(f"no dashboard {SLUG}: {status} {found}")
        return 1
    failed = 0
    for chart in sorted(found["result"], key=lambda one: one["slice_name"]):
        status, data = get(f"/api/v1/chart/{chart['id']}/data/?force=true")
        results = data.get("result") or [{}]
        rows = results[0].get("rowcount") or 0
        error = results[0].get("error") or data.get("message") or data.get("errors")
        is_fine = status == 200 and rows > 0 and not error
        failed += not is_fine
        state = f"{rows} rows" if is_fine else f"FAILED ({status}): {error or 'no row'}"
        print(f"{chart['slice_name']}: {state}")
    print(f"{len(found['result'])} charts, {failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1]) else 0)
