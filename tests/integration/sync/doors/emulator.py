"""Google's own Pub/Sub emulator, and the one thing that it leaves out: it pushes without a token.

`PUBSUB_EMULATOR_HOST` names one that runs; without it the one of the `gcloud` on the path is started, if it has one.
"""

from __future__ import annotations

import base64
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import requests

from sandbox.doors import PubSubCourier
from sandbox.wire.answers import Answer
from sandbox.wire.faults import Fault
from sandbox.wire.server import listening
from tests.integration.sync.working import eventually

PROJECT: Final = "shop"
START_SECONDS: Final = 60.0
PATIENCE_SECONDS: Final = 30.0


class Absent(Exception):
    """There is no emulator on this machine."""


@dataclass(frozen=True)
class Emulator:
    """`url` is its address. https://cloud.google.com/pubsub/docs/reference/rest"""

    url: str

    def create_topic(self, name: str) -> str:
        """Its full name."""
        topic = f"projects/{PROJECT}/topics/{name}"
        self._ask("PUT", topic, {})
        return topic

    def create_push_subscription(self, name: str, topic: str, endpoint: str, *, wrapped: bool) -> None:
        push = {"pushEndpoint": endpoint} | ({} if wrapped else {"noWrapper": {"writeMetadata": False}})
        self._ask("PUT", f"projects/{PROJECT}/subscriptions/{name}", {"topic": topic, "pushConfig": push})

    def publish(self, topic: str, *texts: str) -> None:
        messages = [{"data": base64.b64encode(text.encode()).decode()} for text in texts]
        self._ask("POST", f"{topic}:publish", {"messages": messages})

    def is_up(self) -> bool:
        try:
            return requests.get(self.url, timeout=PATIENCE_SECONDS).ok
        except requests.ConnectionError:
            return False

    def _ask(self, method: str, path: str, body: Mapping[str, Any]) -> None:
        answer = requests.request(method, f"{self.url}/v1/{path}", json=body, timeout=PATIENCE_SECONDS)
        assert answer.ok, answer.text


@dataclass
class Signer:
    """Stands between the emulator and the door, and adds the token that Google would have sent; all else is as it was.

    `statuses`: of the door's answers, which the emulator is given.
    """

    courier: PubSubCourier
    statuses: list[int] = field(default_factory=list)

    def respond(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[Answer, Fault | None]:
        self.statuses.append(self.courier.post(body, self.courier.token()))
        return Answer(self.statuses[-1], b""), None

    def fault_is_on(self, fault: Fault) -> bool:
        return False


@contextmanager
def signing(courier: PubSubCourier) -> Iterator[tuple[str, Signer]]:
    """Where the emulator is to push to, until the block ends."""
    signer = Signer(courier)
    with listening(0, signer, name="signer") as url:
        yield f"{url}/push", signer


@contextmanager
def emulator(log: Path) -> Iterator[Emulator]:
    """One that is up. Raises `Absent`."""
    if host := os.environ.get("PUBSUB_EMULATOR_HOST"):
        yield Emulator(f"http://{host}")
        return
    command = _command()
    port = _free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [command, "--host=127.0.0.1", f"--port={port}"], stdout=output, stderr=subprocess.STDOUT
        )
    try:
        running = Emulator(f"http://127.0.0.1:{port}")
        assert eventually(lambda: running.is_up() or process.poll() is not None, within=START_SECONDS)
        assert process.poll() is None, log.read_text()
        yield running
    finally:
        process.kill()
        process.wait()


def _command() -> Path:
    """https://cloud.google.com/pubsub/docs/emulator installs it beside gcloud."""
    gcloud = shutil.which("gcloud")
    if gcloud is None or shutil.which("java") is None:
        raise Absent
    command = Path(gcloud).resolve().parents[1] / "platform" / "pubsub-emulator" / "bin" / "cloud-pubsub-emulator"
    if not command.exists():
        raise Absent
    return command


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
