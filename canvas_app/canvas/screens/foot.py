"""What stands at the bottom of screens: when the facts were read, how to read them again, the way back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from canvas_app.canvas.components import Button, ButtonStyle, Component, Divider, ListItem, Submit, Text, TextStyle
from canvas_app.canvas.found import Freshness
from canvas_app.canvas.screens.look import Look
from canvas_app.canvas.screens.summary import dotted
from canvas_app.words.labels import SCOPES, SECTIONS, TROUBLES, label
from clients.commercetools.readings import Section

# Without these a word is missing, not a fact that an agent would look for in vain.
_COSMETIC: Final = frozenset({Section.CUSTOMER_GROUP, Section.WORKFLOW_STATES, Section.DISCOUNT_CODES})


def search_item(look: Look) -> ListItem:
    """The way to the search, as a row."""
    return ListItem(id="search", title=look.words.t("Search orders and customers"), action=Submit())


def refresh_item(freshness: Freshness, look: Look, store: str | None = None) -> ListItem:
    """A row that reads everything again and says when it was read; `Retry` when the shop could not be asked."""
    if freshness.trouble:
        return ListItem(id="retry", title=look.words.t("Retry"), subtitle=store, action=Submit())
    return ListItem(
        id="refresh",
        title=look.words.t("Refresh"),
        subtitle=dotted((store, read_line(freshness, look))),
        action=Submit(),
    )


def read_line(freshness: Freshness, look: Look) -> str:
    """`read 14:02:11`."""
    return look.words.t("read {time}", time=look.formats.time(freshness.read_at))


def stale_warning(freshness: Freshness, look: Look) -> tuple[Component, ...]:
    """That the shop could not be asked and how old the shown copy is; nothing when it is fresh."""
    if freshness.trouble is None:
        return ()
    trouble = label(TROUBLES, freshness.trouble, look.words)
    age = look.words.t("Last known data, read {moment}.", moment=look.formats.date_and_time(freshness.read_at))
    return (Text(text=f"{trouble} {age}", style=TextStyle.ERROR),)


def missing_line(missing: frozenset[Section], look: Look) -> tuple[Component, ...]:
    """What could not be read, in one short line, for the screen that has little room."""
    names = ", ".join(label(SECTIONS, section, look.words) for section in sorted(missing - _COSMETIC))
    if not names:
        return ()
    return (Text(text=look.words.t("Could not be read: {sections}", sections=names), style=TextStyle.MUTED),)


def missing_lines(missing: Iterable[Section], look: Look) -> tuple[Component, ...]:
    """The parts that could not be read, each with the scope that the API client may lack."""
    return tuple(
        Text(
            text=look.words.t(
                "{section} could not be read. Check that the API client has the scope {scope}.",
                section=label(SECTIONS, section, look.words),
                scope=SCOPES[section],
            ),
            style=TextStyle.MUTED,
        )
        for section in sorted(missing)
    )


def closing(freshness: Freshness, look: Look, *, back: str) -> tuple[Component, ...]:
    """The end of every screen but the overview: how fresh it is, reading it again, and the way back.

    `back` is the component id of the screen that the way back leads to.
    """
    again = Button(
        id="retry" if freshness.trouble else "refresh",
        label=look.words.t("Retry") if freshness.trouble else look.words.t("Refresh"),
    )
    fresh = Text(text=read_line(freshness, look), style=TextStyle.MUTED)
    return (Divider(), *(stale_warning(freshness, look) or (fresh,)), again, back_button(look, back))


def back_button(look: Look, back: str = "overview") -> Button:
    """The way back, as a link."""
    return Button(id=back, label=look.words.t("Back"), style=ButtonStyle.LINK)
