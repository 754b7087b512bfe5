"""One event a line, on standard error: a dotted name, facts, and the correlation id that joins them.

Ids are logged, people are not. `withhold` is the safety net below that rule: it drops facts whose names speak of
secrets, e-mail addresses or bodies, and masks what looks like an address or a credential in any other value,
tracebacks included. Everything passes it, our own events and those of libraries.

The correlation id (`ict-<uuid4>`) is bound to the context of the thread that works for it. A thread of its own does
not inherit it: hand it over, as `clients.deadline.Call` does.
"""

from __future__ import annotations

import logging
import logging.config
import re
import uuid
from typing import Any

import structlog
from structlog.contextvars import get_contextvars
from structlog.typing import EventDict, Processor, WrappedLogger

_WITHHELD_NAMES = re.compile(r"secret|token|authorization|password|cookie|signature|e_?mail|body", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@<>\"'(),:;=\[\]{}]{1,64}@[^\s@<>\"'(),:;=\[\]{}]{1,255}")
# Told from prose ("basic information") by a capital, a digit, + / or =.
_CREDENTIALS = re.compile(r"\b((?i:Bearer|Basic))\s+(?=[a-z]*[A-Z0-9+/=])[A-Za-z0-9._~+/=-]{6,}")


def correlation_id() -> str:
    """The id that is bound to this thread's work; an id of its own where none is."""
    bound = get_contextvars().get("correlation_id")
    return bound if isinstance(bound, str) else new_correlation_id()


def new_correlation_id() -> str:
    return f"ict-{uuid.uuid4()}"


def withhold(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The safety net: no secret, no e-mail address and no body leaves in a log line."""
    return {name: _masked(value) for name, value in event.items() if not _WITHHELD_NAMES.search(name)}


def _masked(value: Any) -> Any:
    match value:
        case str():
            return _CREDENTIALS.sub(r"\1 ***", _EMAIL.sub("***@***", value))
        case dict():
            return withhold(None, "", {str(name): each for name, each in value.items()})
        case list() | tuple() | set() | frozenset():
            return [_masked(each) for each in value]
        case bool() | int() | float() | None:
            return value
        case _:
            return _masked(str(value))


def _shared() -> list[Processor]:
    """What our events and those of libraries have in common."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def logging_config(*, level: str, form: str) -> dict[str, Any]:
    """For `logging.config.dictConfig`, and for gunicorn's `logconfig_dict`: everything to standard error in one form.

    `level` and `form` are what `LOG_LEVEL` and `LOG_FORMAT` take.
    """
    # Tracebacks become text before `withhold`, hence the plain formatter: a pretty one would print values past it.
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _shared(),
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            withhold,
            renderer,
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"events": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "events", "stream": "ext://sys.stderr"}},
        "root": {"level": level.upper(), "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": {"level": level.upper(), "handlers": [], "propagate": True},
            "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
            # urllib3 writes whole URLs at this level, and a URL may name a customer
            "urllib3": {"level": "WARNING"},
            # its debugging holds requests with their credentials, and messages
            "botocore": {"level": "WARNING"},
            # the engine tells of each of its jobs, with all that it was given
            "procrastinate": {"level": "WARNING"},
            # so does the pool of each attempt to connect; what came of it is told by whoever needed the connection
            "psycopg.pool": {"level": "ERROR"},
        },
    }


def configure(*, level: str, form: str) -> None:
    """Called once by an entry point, never at import."""
    logging.config.dictConfig(logging_config(level=level, form=form))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
