"""What comes out: figures beside the bars they are held to, as a table for people or JSON for machines. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

_DECIMALS: Final = {"ms": 1, "µs": 0, "MB": 1, "/s": 0, "x": 2, "": 0, "%": 0, "kB": 1}


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number; `most` is the bar that it should not be above, None when it is for information."""

    scenario: str
    what: str
    value: float
    unit: str = ""
    most: float | None = None

    @property
    def met(self) -> bool | None:
        """None without a bar."""
        return None if self.most is None else self.value <= self.most


def as_json(figures: Sequence[Figure], surroundings: dict[str, Any]) -> dict[str, Any]:
    """`surroundings` say on what, and when, it was measured."""
    return {"surroundings": surroundings, "figures": [asdict(figure) | {"met": figure.met} for figure in figures]}


def table(figures: Sequence[Figure]) -> str:
    """Aligned text; a scenario's name stands in its first line only."""
    rows = [("scenario", "figure", "measured", "bar", "")]
    before = ""
    for figure in figures:
        name = "" if figure.scenario == before else figure.scenario
        bar = "" if figure.most is None else f"≤ {_number(figure.most, figure.unit, short=True)}"
        verdict = {None: "", True: "met", False: "MISSED"}[figure.met]
        rows.append((name, figure.what, _number(figure.value, figure.unit), bar, verdict))
        before = figure.scenario
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = [_line(row, widths) for row in rows]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths).rstrip(), *lines[1:]])


def _line(row: tuple[str, ...], widths: Sequence[int]) -> str:
    scenario, what, measured, bar, verdict = row
    return "  ".join(
        (
            scenario.ljust(widths[0]),
            what.ljust(widths[1]),
            measured.rjust(widths[2]),
            bar.rjust(widths[3]),
            verdict.ljust(widths[4]),
        )
    ).rstrip()


def _number(value: float, unit: str, *, short: bool = False) -> str:
    decimals = 0 if short and value == int(value) else _DECIMALS.get(unit, 1)
    return f"{value:,.{decimals}f} {unit}".rstrip()
