"""A customer's active cart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from canvas_app.canvas.components import Canvas, Component, Row, Text, TextStyle
from canvas_app.canvas.found import Freshness
from canvas_app.canvas.screens.foot import closing, missing_lines
from canvas_app.canvas.screens.goods import item_row
from canvas_app.canvas.screens.look import Look
from canvas_app.canvas.screens.section import listed, tabled
from canvas_app.canvas.screens.summary import dotted
from clients.commercetools.readings import CartReading, Section
from commerce.cart import Cart


def cart(
    reading: CartReading, freshness: Freshness, look: Look, *, memory: Mapping[str, object], back: str = "overview"
) -> Canvas:
    """The cart screen. Prices may be older than the catalogue's: a cart is recalculated when it is changed."""
    shown = _contents(reading.cart, look) if reading.cart else _empty(reading, look)
    components = [*shown, *missing_lines(reading.missing, look), *closing(freshness, look, back=back)]
    return Canvas(components, stored_data=memory)


def _empty(reading: CartReading, look: Look) -> Iterator[Component]:
    if Section.CART not in reading.missing:
        yield Text(text=look.words.t("No active cart"), style=TextStyle.MUTED)


def _contents(cart: Cart, look: Look) -> Iterator[Component]:
    t, formats = look.words.t, look.formats
    items = look.words.n("{count} item", "{count} items", cart.quantity, count=formats.count(cart.quantity))
    yield Text(text=dotted((t("Cart"), formats.money(cart.gross))), style=TextStyle.HEADER, tight=True)
    changed = t("changed {moment}", moment=formats.date_and_time(cart.last_modified_at))
    yield Text(text=dotted((items, changed)), style=TextStyle.MUTED)
    rows = [item_row(item, look, id=f"item:{at}") for at, item in enumerate(cart.items or ())]
    yield from listed(t("Items"), rows, look)
    codes = ", ".join(cart.discount_codes)
    yield from tabled(t("Details"), [Row(field=t("Discount codes"), value=codes)] if codes else [], look)
