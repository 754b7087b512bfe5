"""`python -m sandbox.commercetools --port 8090`: the stand-in as a process of its own."""

from __future__ import annotations

import argparse
import signal
import threading

from sandbox.commercetools.stand_in import CommercetoolsStandIn
from sandbox.commercetools.switches import Switches
from sandbox.shop import sample_shop


def main() -> None:
    """Serve until SIGINT or SIGTERM; prints one line with the address when it is ready."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.commercetools", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: any free one)")
    parser.add_argument("--latency-ms", type=int, default=0, help="wait this long before every answer")
    arguments = parser.parse_args()
    stopped = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: stopped.set())
    with CommercetoolsStandIn.serve(
        sample_shop(), Switches(latency_ms=arguments.latency_ms), port=arguments.port
    ) as stand_in:
        print(f"commercetools stand-in at {stand_in.url} (project {stand_in.project_key})", flush=True)
        stopped.wait()


if __name__ == "__main__":
    main()
