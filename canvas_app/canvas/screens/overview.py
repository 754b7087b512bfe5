"""The first screen: which of them it is depends on what the look-up found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from canvas_app.canvas.components import Canvas, Text, TextStyle
from canvas_app.canvas.found import Ambiguous, Found, Freshness, GuestsOnly, Matched, NoMatch, Unidentified
from canvas_app.canvas.screens.look import Look
from canvas_app.canvas.screens.matched import matched_customer
from canvas_app.canvas.screens.room import Drawing, first_that_fits
from canvas_app.canvas.screens.unmatched import guests_only, no_match, several_customers, unidentified


def overview(
    found: Found, freshness: Freshness, look: Look, *, memory: Mapping[str, object], note: str | None = None
) -> Canvas:
    """At most 400 px, no primary button. `note`: a muted line on top, in words (`states.not_understood_note`)."""
    on_top = (Text(text=note, style=TextStyle.MUTED),) if note else ()
    drawings = ((*on_top, *drawing) for drawing in _drawings(found, freshness, look))
    return Canvas(first_that_fits(drawings), stored_data=memory)


def _drawings(found: Found, freshness: Freshness, look: Look) -> Iterator[Drawing]:
    match found:
        case Matched():
            return matched_customer(found, freshness, look)
        case GuestsOnly():
            return guests_only(found, freshness, look)
        case Ambiguous():
            return several_customers(found, freshness, look)
        case NoMatch():
            return no_match(found, freshness, look)
        case Unidentified():
            return unidentified(found, look)
