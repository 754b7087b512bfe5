"""What is measured, set up as in production: gunicorn with our settings, and the shop in a process apart."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final

from benchmarks.load import Target
from benchmarks.opens import SECRET
from sandbox.commercetools.tokens import ApiClient
from sandbox.conversations import WORKSPACE_ID
from sandbox.product import ROOT, Product
from sandbox.shop import Project

VAR: Final = ROOT / "var" / "benchmarks"
LATENCY_MS: Final = 50
CLIENT: Final = ApiClient(Project().key)
_KEPT: Final = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL")


@dataclass(frozen=True, slots=True)
class StandIn:
    """`python -m sandbox.commercetools`, or whatever else has its own `/_control`, running apart."""

    port: int
    process: subprocess.Popen[str] = field(repr=False)

    @property
    def target(self) -> Target:
        return Target(self.port)

    def change(self, **switches: Any) -> None:
        """Turn the stand-in's switches; `clear_log=True` forgets what was counted."""
        self.control("POST", switches)

    def stop(self) -> None:
        """Gone, so that connections are refused."""
        self.process.terminate()
        self.process.wait(10)

    def control(self, method: str, change: Mapping[str, Any] | None = None, *, query: str = "") -> Any:
        """What its control door says."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, "/_control" + query, body=None if change is None else json.dumps(change))
            answer = connection.getresponse()
            content = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status != 200:
            raise RuntimeError(f"the stand-in does not take {change}: {content}")
        return content


class ShopProcess(StandIn):
    """The stand-in for commercetools, or another shop that speaks as it does."""

    __slots__ = ()

    def asked(self) -> int:
        """How many GraphQL requests came in since the log was cleared."""
        counts: Mapping[str, int] = self.control("GET")["requests_by_operation"]
        return sum(counts.values())

    def last_question(self) -> dict[str, Any]:
        """The newest GraphQL request: `operation`, `query` and `variables`."""
        questions = [request for request in self.control("GET")["requests"] if request["query"]]
        newest: dict[str, Any] = questions[-1]
        return newest


@contextmanager
def shop(
    *, latency_ms: int = 0, module: str = "sandbox.commercetools", options: Sequence[str] = ()
) -> Iterator[ShopProcess]:
    """The stand-in (or the shop that `python -m module` serves) on a free port, until the block ends."""
    with running(module, *options, *(["--latency-ms", str(latency_ms)] if latency_ms else [])) as stand_in:
        yield ShopProcess(stand_in.port, stand_in.process)


@contextmanager
def running(module: str, *options: str) -> Iterator[StandIn]:
    """`python -m module` as a process of its own, which prints its address when it is ready, until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *options],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", said)
        if found is None:
            raise RuntimeError(f"{module} did not start: {said!r}")
        yield StandIn(int(found[1]), process)
    finally:
        process.terminate()
        process.wait(10)
        assert process.stdout is not None
        process.stdout.close()


@dataclass(frozen=True, slots=True)
class Server:
    """A running gunicorn."""

    product: Product

    @property
    def target(self) -> Target:
        return Target(int(self.product.url.rpartition(":")[2]))

    def figure(self, name: str, **labels: str) -> float:
        """The sum of a metric of `/metrics` over everything that has these labels."""
        connection = HTTPConnection("127.0.0.1", self.target.port, timeout=10)
        try:
            connection.request("GET", "/metrics")
            text = connection.getresponse().read().decode()
        finally:
            connection.close()
        wanted = [f'{label}="{value}"' for label, value in labels.items()]
        lines = (line for line in text.splitlines() if re.match(rf"{name}[{{ ]", line))
        return sum(float(line.rpartition(" ")[2]) for line in lines if all(each in line for each in wanted))

    def memory(self) -> Memory:
        """What its processes hold now."""
        workers = Path(f"/proc/{self.product.pid}/task/{self.product.pid}/children").read_text().split()
        return Memory(master_mb=rss_mb(self.product.pid), worker_mb=max(rss_mb(int(pid)) for pid in workers))


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident megabytes (of 2^20 bytes) of gunicorn's master and of its largest worker."""

    master_mb: float
    worker_mb: float


@contextmanager
def product(
    shop_port: int, *, cache_seconds: int = 10, app: str = "wsgi:app", gunicorn: str = "", threads: int | None = None
) -> Iterator[Server]:
    """gunicorn with our settings, ready to answer, until the block ends.

    `gunicorn` are further options on its command line, for comparing worker models.
    """
    VAR.mkdir(parents=True, exist_ok=True)
    surroundings = environment(shop_port, _mapping(cache_seconds))
    surroundings |= {"GUNICORN_CMD_ARGS": gunicorn} if gunicorn else {}
    surroundings |= {"GUNICORN_THREADS": str(threads)} if threads else {}
    with Product.started(surroundings, VAR / "product.log", app=app) as started:
        started.wait_until_ready(threading.Event())
        yield Server(started)


def environment(shop_port: int, mapping: Path) -> dict[str, str]:
    """Of the product, with this shop. Nothing of the shell's own that could change it."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {
        "CTP_PROJECT_KEY": CLIENT.project_key,
        "CTP_CLIENT_ID": CLIENT.client_id,
        "CTP_CLIENT_SECRET": CLIENT.client_secret,
        "CTP_AUTH_URL": f"http://127.0.0.1:{shop_port}",
        "CTP_API_URL": f"http://127.0.0.1:{shop_port}",
        "CTP_SCOPES": " ".join(sorted(CLIENT.scopes)),
        "INTERCOM_CLIENT_SECRET": SECRET,
        "INTERCOM_WORKSPACE_ID": WORKSPACE_ID,
        "MAPPING_FILE": str(mapping),
    }


def _mapping(cache_seconds: int) -> Path:
    """The sample shop's mapping, which shows everything, with another time to keep look-ups."""
    text = (ROOT / "sandbox" / "mapping.toml").read_text(encoding="utf-8")
    path = VAR / f"mapping-{cache_seconds}.toml"
    path.write_text(text.replace("[panel]\n", f"[panel]\ncache_seconds = {cache_seconds}\n", 1), encoding="utf-8")
    return path


def rss_mb(pid: int) -> float:
    """What a process holds, in megabytes of 2^20 bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024
