"""Small charts as geometry: what the macros in parts.html draw as SVG. Pure.

A style attribute would need an exception from the pages' policy; the attributes of SVG do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 320
HEIGHT: Final = 72
_EDGE: Final = 2.0  # so that a line at the very top is not cut


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChart:
    """`lines` and `areas` are SVG paths' points, one each for every stretch without a gap. `latest`: the last point."""

    width: int
    height: int
    lines: tuple[str, ...]
    areas: tuple[str, ...]
    latest: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Bar:
    """One value, as a rectangle."""

    x: float
    y: float
    width: float
    height: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    width: int
    height: int
    bars: tuple[Bar, ...]


def line_chart(
    values: Sequence[float | None], *, most: float | None = None, width: int = WIDTH, height: int = HEIGHT
) -> LineChart:
    """Of values at equal distances, oldest first; None is a gap. `most` is the top; else the highest value is."""
    top = _top(values, most)
    step = width / max(1, len(values) - 1)
    points = [None if value is None else (index * step, _y(value, top, height)) for index, value in enumerate(values)]
    stretches = _stretches(points)
    known = [point for point in points if point is not None]
    return LineChart(
        width=width,
        height=height,
        lines=tuple(" ".join(map(_pair, stretch)) for stretch in stretches),
        areas=tuple(_area(stretch, height) for stretch in stretches),
        latest=(round(known[-1][0], 1), round(known[-1][1], 1)) if known else None,
    )


def bar_chart(
    values: Sequence[tuple[str, float]], *, most: float | None = None, width: int = WIDTH, height: int = HEIGHT
) -> BarChart:
    """Of labelled values, from the left. What is not zero is seen, however small."""
    top = _top([value for _, value in values], most)
    step = width / max(1, len(values))
    gap = min(2.0, step / 4)
    bars = tuple(
        Bar(
            round(index * step, 1),
            round(height - _bar_height(value, top, height), 1),
            round(step - gap, 1),
            round(_bar_height(value, top, height), 1),
            label,
        )
        for index, (label, value) in enumerate(values)
    )
    return BarChart(width=width, height=height, bars=bars)


def _top(values: Sequence[float | None], most: float | None) -> float:
    highest = max((value for value in values if value is not None), default=0.0)
    return max(highest, most or 0.0) or 1.0


def _y(value: float, top: float, height: int) -> float:
    return height - _EDGE - max(0.0, value) / top * (height - 2 * _EDGE)


def _bar_height(value: float, top: float, height: int) -> float:
    return max(1.5, value / top * height) if value > 0 else 0.0


def _stretches(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """A point alone becomes a short line: it is a value as well."""
    stretches: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            stretches.append([])
        else:
            stretches[-1].append(point)
    return [stretch if len(stretch) > 1 else stretch * 2 for stretch in stretches if stretch]


def _pair(point: tuple[float, float]) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"


def _area(stretch: Sequence[tuple[float, float]], height: int) -> str:
    first, last = stretch[0], stretch[-1]
    return " ".join((_pair((first[0], height)), *map(_pair, stretch), _pair((last[0], height))))
