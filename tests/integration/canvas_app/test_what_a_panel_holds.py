"""A panel on its own holds in memory what a panel needs, and nothing of what pages are made of."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PANEL = """
import sys
from pathlib import Path
from canvas_app.web import web_app

web_app(
    {
        "CTP_PROJECT_KEY": "my-shop",
        "CTP_CLIENT_ID": "client",
        "CTP_CLIENT_SECRET": "secret",
        "CTP_AUTH_URL": "https://auth.europe-west1.gcp.commercetools.com",
        "CTP_API_URL": "https://api.europe-west1.gcp.commercetools.com",
        "CTP_SCOPES": "view_orders:my-shop",
        "INTERCOM_CLIENT_SECRET": "secret",
    },
    dotenv=Path("no-such-file"),
)
print(*sorted(sys.modules))
"""


def test_a_panel_on_its_own_holds_no_pages() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PANEL], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    held = set(ended.stdout.split())
    assert "canvas_app.canvas.panel" in held
    assert held.isdisjoint(
        {"canvas_app.pages.site", "canvas_app.install.desk", "canvas_app.console", "cryptography.fernet", "sync.home"}
    )
