"""`python -m benchmarks.many_customers`: a shop in which every customer id exists.

Whoever is asked for gets the orders of one of the sample customers, under their own id; with `--like ID`, all get
those of one. Answers take next to no time to make, so that a hundred thousand customers can be looked up within
minutes.
"""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sandbox.commercetools import CommercetoolsStandIn
from sandbox.commercetools.graphql_door import read_request
from sandbox.commercetools.schema import schema
from sandbox.shop import sample_shop
from sandbox.wire.answers import Answer
from sandbox.wire.faults import Fault
from sandbox.wire.server import Wire


class ManyCustomers:
    """Stands behind the wire of the stand-in, and asks it once for each sample customer."""

    def __init__(self, like: str | None = None) -> None:
        self._stand_in: Final = CommercetoolsStandIn(sample_shop())
        every = tuple(document["id"] for document in self._stand_in.shop.all("customer"))
        self._models: Final = (like,) if like else every
        self._answers: dict[tuple[str, str], Answer] = {}

    def respond(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[Answer, Fault | None]:
        asked = read_request(body) if path.endswith("/graphql") else None
        wanted = asked.variables.get("id") if asked else None
        if asked is None or not isinstance(wanted, str):
            return self._stand_in.respond(method, path, headers, body)
        model = self._models[UUID(wanted).int % len(self._models)]
        answer = self._answers.get((model, asked.query))
        if answer is None:
            answer, _ = self._stand_in.respond(method, path, headers, body.replace(wanted.encode(), model.encode()))
            self._answers[model, asked.query] = answer
        return Answer(answer.status, answer.body.replace(model.encode(), wanted.encode()), answer.headers), None

    def fault_is_on(self, fault: Fault) -> bool:
        return False


def main() -> None:
    """Serve until SIGINT or SIGTERM; prints one line with the address when it is ready."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.many_customers", description=__doc__)
    parser.add_argument("--like", metavar="ID", help="the sample customer whom all are like (default: all of them)")
    arguments = parser.parse_args()
    stopped = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: stopped.set())
    schema()  # built now, not within the first request
    wire = Wire(0, ManyCustomers(arguments.like))
    thread = threading.Thread(target=wire.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    print(f"a shop with every customer at {wire.url}", flush=True)
    stopped.wait()
    wire.stop()
    thread.join()


if __name__ == "__main__":
    main()
