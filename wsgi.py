"""The web side as a WSGI app: `gunicorn wsgi:app`. Here, and in gunicorn.conf.py, the environment is read."""

from __future__ import annotations

import os
from pathlib import Path

from canvas_app.configuration import Configuration
from canvas_app.single_workspace import single_workspace_app

app = single_workspace_app(Configuration.load(os.environ, dotenv=Path(".env")))
