"""`python -m sandbox` (or `make demo`): the whole product on a sample shop, at one address on this machine."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from sandbox.demo import run
from sandbox.install_demo import run_install
from sandbox.product import ProductFailed
from sandbox.serving import DEFAULT_PORT, PortTaken


def main() -> int:
    """Serve until Ctrl-C or SIGTERM. 0 when stopped like that, 1 when something did not start or did not stay up."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument(
        "--port",
        type=int,
        metavar="PORT",
        help=f"port of the page (default: {DEFAULT_PORT}, or a free one when that is taken; 0: any free one)",
    )
    parser.add_argument(
        "--install",
        action="store_true",
        help="begin where a customer does: on the App Store's page, with two workspaces and nothing set up",
    )
    arguments = parser.parse_args()
    stopped = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: stopped.set())
    try:
        begin = run_install if arguments.install else run
        begin(port=arguments.port, stopped=stopped, say=lambda line: print(line, flush=True))
    except (PortTaken, ProductFailed) as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
