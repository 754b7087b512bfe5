"""`python -m sandbox.intercom --port 8091`: the stand-in as a process of its own."""

from __future__ import annotations

import argparse
import signal
import threading

from sandbox.intercom.stand_in import IntercomStandIn
from sandbox.intercom.switches import Switches


def main() -> None:
    """Serve until SIGINT or SIGTERM; prints one line with the address when it is ready."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.intercom", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: any free one)")
    parser.add_argument("--latency-ms", type=int, default=0, help="wait this long before every answer")
    parser.add_argument("--rate-limit", type=int, default=1_666, help="requests per window (default: 1666)")
    parser.add_argument("--rate-window-s", type=float, default=10.0, help="length of a window (default: 10)")
    arguments = parser.parse_args()
    stopped = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: stopped.set())
    switches = Switches(
        latency_ms=arguments.latency_ms, rate_limit=arguments.rate_limit, rate_window_s=arguments.rate_window_s
    )
    with IntercomStandIn.serve(switches, port=arguments.port) as stand_in:
        print(
            f"Intercom stand-in at {stand_in.url} "
            f"(workspace {stand_in.workspace.id}, access token {stand_in.access_token})",
            flush=True,
        )
        stopped.wait()


if __name__ == "__main__":
    main()
