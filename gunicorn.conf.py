"""How gunicorn serves the web side: `gunicorn wsgi:app` reads this file by itself.

The configuration is checked in `on_starting`, before a worker exists: a worker that fails is started again, a master
that exits stays down with status 2. What is malformed here falls back to its default only until that check has run.

One process with threads (gthread): a panel waits for the shop nearly all of its time, and cache, single flight and
breaker are worth most when everybody shares them. The app is not preloaded: connection pools and their threads do not
survive a fork, and a SIGHUP picks up new code.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from canvas_app.settings import PORT, THREADS, WORKERS
from canvas_app.web import check_configuration
from sync import logs
from sync.environment import ConfigurationError, with_dotenv
from sync.settings import LOG_FORMAT, LOG_LEVEL

EXIT_MISCONFIGURED = 2
_DOTENV = Path(".env")


class WithoutAccessLog(Logger):  # type: ignore[misc]
    """canvas_app/request_log.py writes an event a request; with `logconfig_dict`, gunicorn would prepare a line too."""

    def access(self, *_: object) -> None:
        """Nothing."""


def on_starting(_server: object) -> None:
    """Exit 2 with everything that is wrong, or go on."""
    try:
        check_configuration(os.environ, dotenv=_DOTENV)
    except ConfigurationError as exc:
        print(exc, file=sys.stderr)
        sys.exit(EXIT_MISCONFIGURED)


try:
    _environ = with_dotenv(os.environ, _DOTENV)
except ConfigurationError:
    _environ = dict(os.environ)

bind = f"0.0.0.0:{PORT.read_or_default(_environ)}"
worker_class = "gthread"
workers = WORKERS.read_or_default(_environ)
threads = THREADS.read_or_default(_environ)

# Longer than the idle time of usual load balancers (60 s): the side that opened a connection should close it.
keepalive = 75
# A panel is answered within 3.5 s; container engines kill ten seconds after they asked politely.
graceful_timeout = 8

# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
# Nobody asked for a remote control, and its socket would be made in the home directory.
control_socket_disable = True

accesslog = None
logger_class = WithoutAccessLog
logconfig_dict = logs.logging_config(
    level=LOG_LEVEL.read_or_default(_environ), form=LOG_FORMAT.read_or_default(_environ)
)
