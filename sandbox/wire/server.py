"""The HTTP side of a stand-in, down to the socket: the standard library's server, with bad manners on demand.

A WSGI server hides the connection; faults such as a reset or a dripping head need it.
"""

from __future__ import annotations

import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Protocol

from requests.structures import CaseInsensitiveDict

from sandbox.wire.answers import Answer
from sandbox.wire.faults import Fault

HANG_STEP_S: Final = 0.25


class Responder(Protocol):
    """What the wire needs to know of the stand-in behind it."""

    def respond(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[Answer, Fault | None]:
        """The answer, and the fault with which it is to be sent."""

    def fault_is_on(self, fault: Fault) -> bool:
        """Whether the fault is still switched on: a hanging connection asks now and then."""


class Wire(ThreadingHTTPServer):
    """A server on 127.0.0.1 with one thread per kept-alive connection."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, responder: Responder) -> None:
        self.responder = responder
        self._connections: set[socket.socket] = set()
        self.to_reset: set[socket.socket] = set()
        self._idle = threading.Condition()
        self.stopping = threading.Event()
        super().__init__(("127.0.0.1", port), _Connection)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._idle:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        if request in self.to_reset:
            self.to_reset.discard(request)
            self.close_request(request)
        else:
            super().shutdown_request(request)
        with self._idle:
            self._connections.discard(request)
            self._idle.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is no news here; anything else is a mistake of ours."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def stop(self) -> None:
        """Stop listening, cut every connection, and wait until their threads have let go."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        with self._idle:
            for connection in self._connections:
                _cut(connection)
            self._idle.wait_for(lambda: not self._connections, timeout=5)


@contextmanager
def listening(port: int, responder: Responder, *, name: str) -> Iterator[str]:
    """The responder's address while it listens on 127.0.0.1 (0: any free port), in a thread called `name`."""
    wire = Wire(port, responder)
    thread = threading.Thread(target=wire.serve_forever, kwargs={"poll_interval": 0.02}, name=name)
    thread.start()
    try:
        yield wire.url
    finally:
        wire.stop()
        thread.join()


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it was gone already


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Wire

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def do_PUT(self) -> None:
        self._handle()

    def do_PATCH(self) -> None:
        self._handle()

    def do_DELETE(self) -> None:
        self._handle()

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are kept in the request log, not on the terminal."""

    def _handle(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        answer, fault = self.server.responder.respond(
            self.command, self.path, CaseInsensitiveDict(self.headers.items()), body
        )
        if fault is None or fault.kind in ("status", "invalid_json"):
            self._send(_head(answer, len(answer.body)) + answer.body)
            return
        self.close_connection = True
        _MISBEHAVIOUR[fault.kind](self, answer, fault)

    def _send(self, content: bytes) -> bool:
        try:
            self.wfile.write(content)
        except OSError:  # the client has gone
            self.close_connection = True
            return False
        return True

    def reset(self, answer: Answer, fault: Fault) -> None:
        # SO_LINGER with zero seconds makes close() send RST, if no shutdown() sent FIN before it.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.server.to_reset.add(self.connection)

    def truncate(self, answer: Answer, fault: Fault) -> None:
        head = _head(answer, len(answer.body))
        # without a body there is only the status line to cut: readers forgive a head that ends early
        self._send(head + answer.body[: len(answer.body) // 2] if answer.body else head[:10])

    def hang(self, answer: Answer, fault: Fault) -> None:
        while self.server.responder.fault_is_on(fault) and not self.server.stopping.wait(HANG_STEP_S):
            if self._peer_is_gone():
                return

    def drip(self, answer: Answer, fault: Fault) -> None:
        head = _head(answer, len(answer.body))
        if not fault.drip_headers:
            self._send(head)
        for byte in (head if fault.drip_headers else b"") + answer.body:
            if self.server.stopping.is_set() or not self._send(bytes((byte,))):
                return
            time.sleep(fault.every_ms / 1000)

    def _peer_is_gone(self) -> bool:
        self.connection.setblocking(False)
        try:
            return len(self.connection.recv(1, socket.MSG_PEEK)) == 0
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            self.connection.setblocking(True)


def _head(answer: Answer, length: int) -> bytes:
    reason = HTTPStatus(answer.status).phrase
    lines = [f"HTTP/1.1 {answer.status} {reason}", f"Date: {formatdate(usegmt=True)}", f"Content-Length: {length}"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


_MISBEHAVIOUR: Final[Mapping[str, Callable[[_Connection, Answer, Fault], None]]] = {
    "reset": _Connection.reset,
    "truncated": _Connection.truncate,
    "hang": _Connection.hang,
    "drip": _Connection.drip,
}
