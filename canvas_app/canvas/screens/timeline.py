"""What happened to an order, newest first: the milestones as agents read them."""

from __future__ import annotations

from collections.abc import Iterator

from canvas_app.canvas.components import Component, Row, plain
from canvas_app.canvas.screens.look import Look
from canvas_app.canvas.screens.section import tabled
from canvas_app.canvas.screens.summary import NAME_LIMIT, dotted
from canvas_app.words.labels import MILESTONES, label
from commerce.milestones import Milestone, milestones
from commerce.order import Order


def timeline_section(order: Order, look: Look) -> Iterator[Component]:
    """A table of moments and what happened then."""
    rows = [moment_row(milestone, look) for milestone in newest_first(order)]
    yield from tabled(look.words.t("Timeline"), rows, look)


def newest_first(order: Order) -> tuple[Milestone, ...]:
    """What happened; that of which nobody knows when comes last."""
    every = milestones(order)
    timed = [milestone for milestone in every if milestone.occurred_at]
    untimed = [milestone for milestone in every if not milestone.occurred_at]
    return (*reversed(timed), *untimed)


def moment_row(milestone: Milestone, look: Look) -> Row:
    """When it was, and what."""
    at = milestone.occurred_at
    facts = milestone.facts
    carrier = " ".join(plain(part, NAME_LIMIT) for part in (facts.carrier, facts.tracking_id) if part)
    amount = look.formats.money(facts.amount) if facts.amount else None
    item = plain(facts.item, NAME_LIMIT) if facts.item else None
    what = dotted((label(MILESTONES, milestone.name, look.words), amount, carrier, item))
    return Row(field=look.formats.date_and_time(at) if at else look.words.t("time not known"), value=what)
