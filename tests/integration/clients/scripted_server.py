"""A server that answers each request as scripted, byte by byte where that matters."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from clients.deadline import Call, Deadline

PROJECT = "sample-shop"
SECRET = "s3cret-of-the-api-client"
GRAPHQL = f"/{PROJECT}/graphql"
TOKEN = "/oauth/token"

Step = Callable[["ScriptedServer", socket.socket], bool]
"""Writes one answer; whether the connection stays open."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as the server received it; header names in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    method: str

    @property
    def graphql(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.body)
        return found

    @property
    def query(self) -> str:
        return str(self.graphql["query"])

    @property
    def variables(self) -> dict[str, object]:
        found = self.graphql["variables"]
        assert isinstance(found, dict)
        return found


@dataclass
class ScriptedServer:
    """Plays `steps` of a path in order, then `always` for it. Threads, loopback, a free port."""

    steps: dict[str, deque[Step]] = field(default_factory=dict)
    always: dict[str, Step] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def then(self, path: str, *steps: Step) -> None:
        self.steps.setdefault(path, deque()).extend(steps)

    def requests(self, path: str) -> list[Seen]:
        return [seen for seen in self.seen if seen.path == path]

    def close(self) -> None:
        self.stopped.set()
        for opened in [self._listener, *self._open]:
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)
            opened.close()
        for thread in self._threads:
            thread.join(timeout=2)

    def _accept(self) -> None:
        while not self.stopped.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError, EOFError), connection:
            while True:
                request = _read_request(connection)
                self.seen.append(request)
                waiting = self.steps.get(request.path)
                step = waiting.popleft() if waiting else self.always[request.path]
                if not step(self, connection):
                    return


def _read_request(connection: socket.socket) -> Seen:
    received = b""
    while b"\r\n\r\n" not in received:
        received += _some(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += _some(connection)
    method, path, _ = first.split(" ")
    return Seen(path, headers, body, method)


def _some(connection: socket.socket) -> bytes:
    received = connection.recv(65536)
    if not received:
        raise EOFError
    return received


def raw(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    lines = {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + body


def says(status: int, body: object, headers: Mapping[str, str] | None = None) -> Step:
    """A complete answer; `body` is sent as JSON, bytes as they are."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    def step(_: ScriptedServer, connection: socket.socket) -> bool:
        connection.sendall(raw(status, content, headers))
        return True

    return step


def hangs(server: ScriptedServer, _: socket.socket) -> bool:
    """Accepts the request and says nothing."""
    server.stopped.wait(30)
    return False


def drips(content: bytes, *, at_once: int = 0, every: float = 0.05) -> Step:
    """Sends `at_once` bytes of `content`, then one byte every so many seconds."""

    def step(server: ScriptedServer, connection: socket.socket) -> bool:
        connection.sendall(content[:at_once])
        for index in range(at_once, len(content)):
            if server.stopped.wait(every):
                break
            connection.sendall(content[index : index + 1])
        return False

    return step


def resets(_: ScriptedServer, connection: socket.socket) -> bool:
    """Answers with RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def breaks_off(_: ScriptedServer, connection: socket.socket) -> bool:
    """Announces more than it sends."""
    connection.sendall(raw(200, b'{"data":', {"Content-Length": "5000"}))
    return False


def token(value: str = "token-1", **fields: object) -> Step:
    return says(200, {"access_token": value, "expires_in": 172800, "token_type": "Bearer", **fields})


def within(seconds: float, correlation_id: str = "ict-0000") -> Call:
    return Call(Deadline.after(seconds), correlation_id)
