"""Where the stand-ins for Google and Amazon publish their certificates, and take "yes" for a subscription."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sandbox.doors.keys import SigningKey
from sandbox.wire.answers import Answer, as_json
from sandbox.wire.faults import Fault
from sandbox.wire.server import listening

GOOGLE_PATH = "/oauth2/v1/certs"


@dataclass
class Certificates:
    """`google` and `amazon` may be changed while it is up. `asked`: paths with queries. `status`: of all answers."""

    google: dict[str, SigningKey] = field(default_factory=dict)
    amazon: dict[str, SigningKey] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    status: int = 200
    url: str = ""

    @classmethod
    @contextmanager
    def serve(cls, *, google: SigningKey, amazon: SigningKey) -> Iterator[Certificates]:
        """On 127.0.0.1 until the block ends."""
        published = cls(google={google.id: google}, amazon={amazon.id: amazon})
        with listening(0, published, name="certificates") as published.url:
            yield published

    def at(self, url: str) -> str:
        """Where to ask instead of Google's or Amazon's own address."""
        parts = urlsplit(url)
        return f"{self.url}{parts.path}" + (f"?{parts.query}" if parts.query else "")

    def respond(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[Answer, Fault | None]:
        self.asked.append(path)
        return self._answer(urlsplit(path).path) if self.status == 200 else Answer(self.status, b""), None

    def fault_is_on(self, fault: Fault) -> bool:
        return False

    def _answer(self, path: str) -> Answer:
        if path == GOOGLE_PATH:
            return as_json({key.id: key.pem for key in self.google.values()})
        if path == "/":
            return Answer(200, b"<ConfirmSubscriptionResponse/>", {"Content-Type": "text/xml"})
        key = self.amazon.get(path.removeprefix("/").removesuffix(".pem"))
        return Answer(404, b"") if key is None else Answer(200, key.pem.encode())
