"""What comes out: figures beside the bars they are held to, as a table for people or JSON for machines. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

_DECIMALS: Final = {"ms": 1, "µs": 0, "MB": 1, "/s": 0, "x": 2, "": 0, "%": 1, "kB": 1, "s": 2}


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number; `most` is the bar that it should not be above, `least` the one that it should reach.

    None of both: for information.
    """

    scenario: str
    what: str
    value: float
    unit: str = ""
    most: float | None = None
    least: float | None = None

    @property
    def met(self) -> bool | None:
        """None without a bar."""
        if self.most is None and self.least is None:
            return None
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)


def as_json(figures: Sequence[Figure], surroundings: dict[str, Any]) -> dict[str, Any]:
    """`surroundings` say on what, and when, it was measured."""
    return {"surroundings": surroundings, "figures": [asdict(figure) | {"met": figure.met} for figure in figures]}


def table(figures: Sequence[Figure]) -> str:
    """Aligned text; a scenario's name stands in its first line only."""
    rows = [("scenario", "figure", "measured", "bar", "")]
    before = ""
    for figure in figures:
        name = "" if figure.scenario == before else figure.scenario
        verdict = {None: "", True: "met", False: "MISSED"}[figure.met]
        rows.append((name, figure.what, _number(figure.value, figure.unit), _bar(figure), verdict))
        before = figure.scenario
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = [_line(row, widths) for row in rows]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths).rstrip(), *lines[1:]])


def _bar(figure: Figure) -> str:
    bars = (("≥", figure.least), ("≤", figure.most))
    return ", ".join(f"{sign} {_number(bar, figure.unit, short=True)}" for sign, bar in bars if bar is not None)


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
