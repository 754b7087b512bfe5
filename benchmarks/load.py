"""Makes load: HTTP requests that are ready to be sent, over connections that are kept, timed one by one.

Runs in a process of its own (`apart`), so that the generator's threads and the measured server do not share an
interpreter. Plain sockets: an HTTP library would cost more than the server that is measured. One thread a
connection; a thread waits nearly all of its time.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import chain, cycle, islice
from multiprocessing import get_context
from typing import Final, ParamSpec, TypeVar

PATIENCE_S: Final = 30.0
_HEAD_END: Final = b"\r\n\r\n"

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Target:
    """A server on 127.0.0.1."""

    port: int


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer. `seconds` count from the moment at which the request was due."""

    seconds: float
    status: int
    body: bytes


class Generator:
    """Calls functions of this module in the process apart from ours."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of `work`, or what it raised."""
        return self._pool.submit(work, *args, **kwargs).result()


@contextmanager
def apart() -> Iterator[Generator]:
    """A fresh process for generating load, until the block ends."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(time.monotonic).result()  # started now, not within the first measurement
        yield Generator(pool)


class Connection:
    """One kept connection. Raises `OSError` and `ConnectionError` when the server breaks the conversation."""

    def __init__(self, target: Target) -> None:
        self._socket = socket.create_connection(("127.0.0.1", target.port), timeout=PATIENCE_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body."""
        self._socket.sendall(request)
        received = b""
        while (end := received.find(_HEAD_END)) < 0:
            received += self._receive()
        head = received[:end]
        length = _content_length(head)
        parts = [received[end + len(_HEAD_END) :]]
        missing = length - len(parts[0])
        while missing > 0:
            parts.append(self._receive())
            missing -= len(parts[-1])
        return int(head.split(b" ", 2)[1]), b"".join(parts)

    def close(self) -> None:
        self._socket.close()

    def _receive(self) -> bytes:
        received = self._socket.recv(256 * 1024)
        if not received:
            raise ConnectionError("the server closed the connection within an answer")
        return received


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    if head.split(b" ", 2)[1] == b"204":
        return 0
    raise ConnectionError("an answer without Content-Length")


def one_after_another(target: Target, requests: Sequence[bytes]) -> list[Answered]:
    """Each request once, on one connection."""
    with closing(Connection(target)) as connection:
        return [_timed(connection, request) for request in requests]


def in_turn(first: Target, second: Target, pairs: Sequence[tuple[bytes, bytes]]) -> list[tuple[Answered, Answered]]:
    """Both requests of every pair, the one to `first`, the other to `second`; who is asked first changes each time."""
    answered: list[tuple[Answered, Answered]] = []
    with closing(Connection(first)) as one, closing(Connection(second)) as other:
        for index, (left, right) in enumerate(pairs):
            if index % 2:
                later = _timed(other, right)
                answered.append((_timed(one, left), later))
            else:
                answered.append((_timed(one, left), _timed(other, right)))
    return answered


def at_once(target: Target, requests: Sequence[bytes]) -> list[Answered]:
    """All requests at the same moment, each on a connection of its own that is open before."""
    start = threading.Barrier(len(requests))

    def ask(number: int, connection: Connection) -> Answered:
        start.wait()
        return _timed(connection, requests[number])

    return _on_connections(target, len(requests), ask)


def offered(
    target: Target, requests: Sequence[bytes], *, per_second: float, seconds: float, connections: int = 32
) -> list[Answered]:
    """Requests at fixed moments, whether or not the earlier ones are answered.

    A request that is sent late because all connections wait counts from when it was due.
    """
    due = list(islice(cycle(requests), int(per_second * seconds)))
    places = iter(range(len(due)))
    taking = threading.Lock()
    began = time.perf_counter() + 0.1

    def work(_: int, connection: Connection) -> list[Answered]:
        mine: list[Answered] = []
        while True:
            with taking:
                place = next(places, None)
            if place is None:
                return mine
            at = began + place / per_second
            time.sleep(max(0.0, at - time.perf_counter()))
            mine.append(_timed(connection, due[place], since=at))

    return list(chain.from_iterable(_on_connections(target, connections, work)))


def each_once(target: Target, requests: Sequence[bytes], *, connections: int) -> list[Answered]:
    """Every request once, as fast as so many connections can."""

    def work(number: int, connection: Connection) -> list[Answered]:
        return [_timed(connection, request) for request in requests[number::connections]]

    return list(chain.from_iterable(_on_connections(target, connections, work)))


def flat_out(target: Target, requests: Sequence[bytes], *, seconds: float, connections: int = 8) -> list[float]:
    """As many requests as can be answered; the seconds that each took. Raises `ConnectionError` unless all are 200."""
    end = time.perf_counter() + seconds

    def work(number: int, connection: Connection) -> list[float]:
        taken: list[float] = []
        for request in islice(cycle(requests), number * 7, None):  # not all the same request at the same time
            began = time.perf_counter()
            if began >= end:
                break
            status, _ = connection.ask(request)
            if status != 200:
                raise ConnectionError(f"status {status}")
            taken.append(time.perf_counter() - began)
        return taken

    return list(chain.from_iterable(_on_connections(target, connections, work)))


def _timed(connection: Connection, request: bytes, *, since: float | None = None) -> Answered:
    began = time.perf_counter() if since is None else since
    status, body = connection.ask(request)
    return Answered(time.perf_counter() - began, status, body)


def _on_connections(target: Target, count: int, work: Callable[[int, Connection], T]) -> list[T]:
    """What `work` makes of each of `count` open connections, every one in a thread of its own."""
    with ExitStack() as stack:
        opened = [stack.enter_context(closing(Connection(target))) for _ in range(count)]
        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(work, range(count), opened))
