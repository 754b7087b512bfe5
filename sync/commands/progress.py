"""How far a long command has come: a bar in a terminal, else a line now and then."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn

from sync.commands.output import Output

LINE_SECONDS: Final = 5.0  # between two lines where there is no terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`done` of `total` (None: unknown) of what `what` names, and what it is held by."""

    what: str
    done: int
    total: int | None
    held_by: str


class Shows(Protocol):
    """Takes each step as it is known."""

    def __call__(self, step: Step) -> None: ...


class Pace:
    """How fast it goes, since this process began with it: what was done before says nothing of now."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began: dict[str, tuple[float, int]] = {}

    def per_second(self, step: Step) -> float:
        """0 while it cannot be told."""
        began, done = self._began.setdefault(step.what, (self._clock(), step.done))
        seconds = self._clock() - began
        return (step.done - done) / seconds if seconds > 0 else 0.0

    def remaining(self, step: Step) -> timedelta | None:
        """None while it cannot be told."""
        rate = self.per_second(step)
        if step.total is None or rate <= 0:
            return None
        return timedelta(seconds=round(max(0, step.total - step.done) / rate))


@contextmanager
def progress(output: Output) -> Iterator[Shows]:
    """On standard error, so that the result may be piped on."""
    pace = Pace()
    if not output.errors.is_terminal:
        yield _Lines(output, pace)
        return
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
        console=output.errors,
    )
    with bar:
        yield _Bars(bar, pace)


def paced(step: Step, pace: Pace) -> str:
    """Rate, remaining time, and the limit it is held by."""
    rate, remaining = pace.per_second(step), pace.remaining(step)
    parts = [f"{rate:.1f}/s"] if rate > 0 else []
    parts += [f"{remaining} left"] if remaining else []
    return ", ".join([*parts, f"held by {step.held_by}"])


class _Bars:
    """One bar for each stage, below each other."""

    def __init__(self, bar: Progress, pace: Pace) -> None:
        self._bar = bar
        self._pace = pace
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, step: Step) -> None:
        said = paced(step, self._pace)
        if step.what not in self._tasks:
            self._tasks[step.what] = self._bar.add_task(f"{step.what:<10}", total=step.total, pace=said)
        self._bar.update(self._tasks[step.what], completed=step.done, total=step.total, pace=said)


class _Lines:
    """A line when a stage begins, and every few seconds."""

    def __init__(self, output: Output, pace: Pace, clock: Callable[[], float] = time.monotonic) -> None:
        self._output = output
        self._pace = pace
        self._clock = clock
        self._what = ""
        self._said_at = float("-inf")

    def __call__(self, step: Step) -> None:
        said = paced(step, self._pace)
        is_last = step.total is not None and step.done >= step.total
        if step.what == self._what and not is_last and self._clock() - self._said_at < LINE_SECONDS:
            return
        self._what, self._said_at = step.what, self._clock()
        total = "?" if step.total is None else str(step.total)
        self._output.aside(f"{step.what}: {step.done} of {total}, {said}")
