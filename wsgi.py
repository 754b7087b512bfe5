"""The web side as a WSGI app: `gunicorn wsgi:app`. Here, and in gunicorn.conf.py, the environment is read."""

from __future__ import annotations

import os
from pathlib import Path

from canvas_app.web import web_app

app = web_app(os.environ, dotenv=Path(".env"))
