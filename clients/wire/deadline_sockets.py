"""Connections on which every single wait ends at a total deadline.

`requests` knows how long to wait for the next bytes but not for all of them: a server that
sends one byte per second is never too late. Here the socket gets, before every receive, no
more time than is left of the deadline that the calling thread has set with `within`, for the
status line, the headers and the body alike. http.client reads all three from the `fp` of
its response: https://docs.python.org/3/library/http.client.html#httpresponse-objects

Two waits cannot be cut short from here: looking up a host name, and the connect time-out that
each further address of that host gets when the first does not answer.
"""

from __future__ import annotations

import http.client
import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from clients.deadline import Deadline


@dataclass(frozen=True, slots=True)
class _Budget:
    """How long one wait may take: `read_timeout` seconds, but never past the deadline."""

    deadline: Deadline
    read_timeout: float

    def next_wait(self) -> float:
        left = self.deadline.remaining()
        if left == 0:
            raise TimeoutError("the time given for the call ran out")
        return min(self.read_timeout, left)


_budget: ContextVar[_Budget | None] = ContextVar("_budget", default=None)


@contextmanager
def within(deadline: Deadline, *, read_timeout: float) -> Iterator[None]:
    """Everything that this thread reads from a `DeadlineAdapter` inside is bound by `deadline`."""
    token = _budget.set(_Budget(deadline, read_timeout))
    try:
        yield
    finally:
        _budget.reset(token)


class _DeadlineReader(io.RawIOBase):
    """The receiving side of a socket; raises `TimeoutError` once the budget is spent."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__()
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._raw.fileno()

    def readinto(self, buffer: memoryview, /) -> int | None:  # type: ignore[override]
        budget = _budget.get()
        if budget is not None:
            self._sock.settimeout(budget.next_wait())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _DeadlineResponse(http.client.HTTPResponse):
    def __init__(
        self, sock: socket.socket, debuglevel: int = 0, method: str | None = None, url: str | None = None
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        self.fp.close()
        self.fp = io.BufferedReader(_DeadlineReader(sock))


class _DeadlineConnection(HTTPConnection):
    response_class = _DeadlineResponse


class _DeadlineTLSConnection(HTTPSConnection):
    response_class = _DeadlineResponse


class _DeadlinePool(HTTPConnectionPool):
    ConnectionCls = _DeadlineConnection


class _DeadlineTLSPool(HTTPSConnectionPool):
    ConnectionCls = _DeadlineTLSConnection


class DeadlineAdapter(HTTPAdapter):
    """A transport adapter of `requests` with such connections; it never retries by itself."""

    poolmanager: PoolManager

    def init_poolmanager(self, *args: int, **kwargs: object) -> None:
        super().init_poolmanager(*args, **kwargs)  # type: ignore[arg-type]
        _use_deadline_pools(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: object) -> ProxyManager:
        manager: ProxyManager = super().proxy_manager_for(proxy, **kwargs)
        _use_deadline_pools(manager)
        return manager


def _use_deadline_pools(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _DeadlinePool, "https": _DeadlineTLSPool}
