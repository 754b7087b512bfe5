"""`python -m benchmarks`: measures the product on this machine and prints the figures beside their bars.

Results are printed, not asserted: the status is 0 also when a bar is missed, and 1 when something could not be
measured. docs/performance.md explains the scenarios.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.effort import Bench, Effort
from benchmarks.load import apart
from benchmarks.report import Figure, as_json, table
from benchmarks.scenarios import SCENARIOS, Scenario


def main(arguments: Sequence[str] | None = None) -> int:
    """Progress goes to standard error, results to standard output."""
    asked = _parser().parse_args(arguments)
    chosen = [SCENARIOS[name] for name in asked.only] or [each for each in SCENARIOS.values() if each.usual]
    surroundings = _surroundings(quick=asked.quick)
    figures, failed = _measured(chosen, Effort.quick() if asked.quick else Effort())
    if asked.json:
        _write(asked.json, json.dumps(as_json(figures, surroundings), indent=2) + "\n")
    if asked.json != "-":
        print(", ".join(f"{name}: {value}" for name, value in surroundings.items()), table(figures), sep="\n\n")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    names = [
        f"  {each.name:<12} {each.about}{'' if each.usual else ' (only when named)'}" for each in SCENARIOS.values()
    ]
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measures the product on this machine, on the sandbox's shop.",
        epilog="\n".join(["scenarios:", *names]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", action="append", default=[], choices=list(SCENARIOS), metavar="NAME",
                        help="measure this scenario; may be given several times")  # fmt: skip
    parser.add_argument("--json", metavar="FILE", help="write the figures as JSON, to standard output with -")
    parser.add_argument("--quick", action="store_true", help="see that everything runs; the figures mean nothing")
    return parser


def _measured(scenarios: Sequence[Scenario], effort: Effort) -> tuple[list[Figure], bool]:
    """The figures of all scenarios that could be measured, and whether one could not."""
    figures: list[Figure] = []
    failed = False
    with apart() as load:
        for number, scenario in enumerate(scenarios, start=1):
            _say(f"[{number}/{len(scenarios)}] {scenario.name}: {scenario.about} ...")
            began = time.monotonic()
            try:
                figures += scenario.run(Bench(load, effort))
            except Exception as error:  # noqa: BLE001 - the others are worth having all the same
                failed = True
                _say(f"      not measured: {type(error).__name__}: {error}")
            else:
                _say(f"      {time.monotonic() - began:.0f} s")
    return figures, failed


def _surroundings(*, quick: bool) -> dict[str, Any]:
    """As they are before anything is measured: a machine with other work has slow moments that are not ours."""
    found: dict[str, Any] = {
        "measured": datetime.now(UTC).isoformat(timespec="minutes"),
        "cores": os.cpu_count(),
        "load before": ", ".join(f"{each:.1f}" for each in os.getloadavg()),
        "machine": platform.machine(),
        "python": platform.python_version(),
    }
    if os.getloadavg()[0] > (os.cpu_count() or 1) / 2:
        found["busy"] = "the machine had other work, compare the bare call's p99"
    return found | ({"quick": "figures mean nothing"} if quick else {})


def _write(where: str, text: str) -> None:
    if where == "-":
        sys.stdout.write(text)
    else:
        Path(where).write_text(text, encoding="utf-8")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
