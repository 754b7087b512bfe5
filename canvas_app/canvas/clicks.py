"""What each component id leads to: ask the look-up, draw the screen. One function a screen, and the table of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from html import escape
from typing import Final, TypeAlias

import structlog

from canvas_app.canvas import screens
from canvas_app.canvas.found import Found, Freshness, Matched, MatchedBy, Relation
from canvas_app.canvas.lookup.lookup import relation_of
from canvas_app.canvas.lookup.reader import Live
from canvas_app.canvas.memory import Memory, uuid_or_none
from canvas_app.canvas.request import Contact
from canvas_app.canvas.visit import Drawn, UnknownComponent, Visit, freshness_of
from clients.commercetools.readings import CustomerReading, OrderReading, Section
from clients.intercom.conversation import Conversation, ConversationText, Passage
from clients.intercom.order_numbers import order_numbers_named

log = structlog.get_logger(__name__)

Click: TypeAlias = Callable[[Visit, str], Drawn]
NOBODY: Final = Contact(id=None)
LARGEST_OFFSET: Final = 10_000


def click(visit: Visit, component_id: str) -> Drawn:
    """The screen behind `component_id`. Raises `UnknownComponent` and `ShopInTrouble`."""
    name, _, argument = component_id.partition(":")
    if name not in CLICKS:
        raise UnknownComponent("no such component")
    return CLICKS[name](visit, argument)


def overview(visit: Visit, _argument: str = "", note: str | None = None) -> Drawn:
    """The first screen: who the contact is."""
    look = visit.installation.look
    found, freshness = _found(visit)
    searched = visit.memory.searched and isinstance(found, Matched)
    visit = replace(visit, memory=_about(visit.memory, found, searched=searched, visit=visit))
    memory = visit.remember("overview", read_at=freshness.read_at)
    return Drawn.of(screens.overview(found, freshness, look, memory=memory, note=note), "overview", freshness)


def order(visit: Visit, argument: str) -> Drawn:
    """One order, by its id."""
    order_id = _uuid(argument)
    screen = f"order:{order_id}"
    live = visit.installation.lookup.order(order_id, visit.contact, visit.asked(screen))
    return _order_screen(visit, live, visit.back_from(screen), gone=screen)


def number(visit: Visit, argument: str) -> Drawn:
    """One order, by its number: from the search, or from a conversation whose contact nobody knows."""
    if not argument:
        raise UnknownComponent("no order number")
    screen = f"number:{argument}"
    live = visit.installation.lookup.order_by_number(argument, visit.contact, visit.asked(screen))
    if live.value.order is None and live.trouble is None:
        return _nothing_found(visit, argument)
    return _order_screen(visit, live, visit.back_from(screen))


def orders(visit: Visit, argument: str) -> Drawn:
    """A page of all orders of the customer on the screen."""
    customer_id = _customer_id(visit)
    offset = _offset(argument)
    screen = f"orders:{offset}"
    live = visit.installation.lookup.orders_of_customer(customer_id, offset, visit.asked(screen))
    freshness = freshness_of(live)
    canvas = screens.orders(
        live.value,
        screens.Whose.CUSTOMER,
        freshness,
        visit.installation.look,
        memory=visit.remember(screen, read_at=freshness.read_at),
        total=visit.memory.total,
    )
    return Drawn.of(canvas, "orders", freshness)


def guest(visit: Visit, argument: str) -> Drawn:
    """A page of the orders that were placed without an account and with the contact's e-mail address."""
    if visit.contact.email is None:
        raise UnknownComponent("guest orders of a contact without e-mail")
    offset = _offset(argument)
    screen = f"guest:{offset}"
    live = visit.installation.lookup.orders_of_guest(visit.contact.email, offset, visit.asked(screen))
    freshness = freshness_of(live)
    canvas = screens.orders(
        live.value,
        screens.Whose.GUEST,
        freshness,
        visit.installation.look,
        memory=visit.remember(screen, read_at=freshness.read_at),
    )
    return Drawn.of(canvas, "guest_orders", freshness)


def cart(visit: Visit, _argument: str) -> Drawn:
    """The active cart of the customer on the screen."""
    if not visit.installation.mapping.panel.show_cart:
        raise UnknownComponent("carts are not shown")
    live = visit.installation.lookup.cart(_customer_id(visit), visit.asked("cart"))
    freshness = freshness_of(live)
    memory = visit.remember("cart", read_at=freshness.read_at)
    return Drawn.of(screens.cart(live.value, freshness, visit.installation.look, memory=memory), "cart", freshness)


def details(visit: Visit, _argument: str) -> Drawn:
    """Everything about the customer that agents may see."""
    found, freshness = _found(visit)
    if not isinstance(found, Matched):
        raise UnknownComponent("details without a customer")
    memory = visit.remember("details", read_at=freshness.read_at)
    look = visit.installation.look
    canvas = screens.customer_details(found.customer, freshness, look, memory=memory, matched_by=found.by)
    return Drawn.of(canvas, "details", freshness)


def pick(visit: Visit, argument: str) -> Drawn:
    """The agent says which of several customers the contact is."""
    customer_id = _uuid(argument)
    lookup = visit.installation.lookup
    if visit.contact.email is None:
        raise UnknownComponent("a choice without an e-mail address")
    candidates = lookup.email(visit.contact.email, visit.numbers, visit.asked("overview")).value.customers
    if customer_id not in {candidate.id for candidate in candidates}:
        raise UnknownComponent("a choice that was not offered")
    lookup.choose(customer_id, visit.contact, visit.asked("overview"))
    log.info("panel.customer_picked", contact=visit.contact.id, customer=customer_id)
    return overview(visit)


def contact(visit: Visit, _argument: str) -> Drawn:
    """Back to the contact of the conversation: away from a customer of the search, or from a wrong choice."""
    if not visit.memory.searched:
        visit.installation.lookup.forget_choice(visit.contact, visit.asked("overview"))
    return overview(replace(visit, memory=Memory(seen=_seen_of_orders(visit.memory))))


def customer(visit: Visit, argument: str) -> Drawn:
    """A customer that the search found."""
    return overview(
        replace(visit, memory=Memory(customer=_uuid(argument), searched=True, seen=_seen_of_orders(visit.memory)))
    )


def search(visit: Visit, _argument: str) -> Drawn:
    """The form that asks for an order number or an e-mail address."""
    return _form(visit)


def find(visit: Visit, _argument: str) -> Drawn:
    """What the form's input leads to. An e-mail address is never kept in the canvas, so `Refresh` asks again."""
    typed = visit.inputs.get("query")
    query = typed.strip() if isinstance(typed, str) else ""
    look = visit.installation.look
    if not query:
        return _form(visit, error=screens.nothing_typed(look))
    if "@" not in query:
        return _find_number(visit, query)
    live = visit.installation.lookup.email(query, (), visit.asked("find"))
    freshness = freshness_of(live)
    canvas = screens.search_results(
        query,
        freshness,
        look,
        customers=live.value.customers,
        guest_orders=live.value.guest_orders,
        memory=visit.remember("search", back=visit.back_from("search")),
    )
    return Drawn.of(canvas, "search_results", freshness)


CLICKS: Final[Mapping[str, Click]] = {
    "overview": overview,
    "order": order,
    "number": number,
    "orders": orders,
    "guest": guest,
    "cart": cart,
    "details": details,
    "pick": pick,
    "customer": customer,
    "contact": contact,
    "search": search,
    "find": find,
}


def _found(visit: Visit) -> tuple[Found, Freshness]:
    lookup, memory = visit.installation.lookup, visit.memory
    if memory.searched and memory.customer:
        opened = lookup.customer(memory.customer, MatchedBy.SEARCH, NOBODY, (), visit.asked("overview"))
        if opened:
            return opened
    return lookup.contact(visit.contact, visit.numbers, visit.asked("overview"))


def _about(memory: Memory, found: Found, *, searched: bool, visit: Visit) -> Memory:
    """The memory of what the screens are about from now on."""
    if not isinstance(found, Matched):
        return Memory(seen=memory.seen)
    total = _total(found.reading, visit)
    return Memory(customer=found.customer.id, searched=searched, total=total, seen=memory.seen)


def _seen_of_orders(memory: Memory) -> Mapping[str, datetime]:
    """What stays true when the screens are about somebody else from now on."""
    return {screen: at for screen, at in memory.seen.items() if screen.startswith(("order:", "number:"))}


def _total(reading: CustomerReading, visit: Visit) -> str | None:
    if Section.HISTORY in reading.missing:
        return None
    count = visit.installation.look.formats.count(len(reading.history))
    return count if reading.history_complete else f"{count}+"


def _order_screen(visit: Visit, live: Live[OrderReading], back: str, *, gone: str = "search") -> Drawn:
    """The order, remembered by its id however it was found; `gone` is what to remember when there is none."""
    freshness = freshness_of(live)
    screen = f"order:{live.value.order.id}" if live.value.order else gone
    own = _contacts_customer_id(visit)
    relation = relation_of(live.value, own)
    if relation is Relation.OTHER and live.value.order:
        log.warning("panel.order_of_another_customer", contact=visit.contact.id, order=live.value.order.id)
    matched_by = visit.installation.lookup.matched_by(visit.contact)
    canvas = screens.order(
        live.value,
        relation,
        freshness,
        visit.installation.look,
        matched_by=matched_by,
        back=back,
        memory=visit.remember(screen, read_at=freshness.read_at, back=back),
        full_order=visit.full_order(live.value, relation, matched_by),
    )
    return Drawn.of(canvas, "order", freshness)


def _contacts_customer_id(visit: Visit) -> str | None:
    """The contact's own customer, never one that was opened from the search."""
    known = visit.installation.lookup.known_customer_id(visit.contact)
    return known or (None if visit.memory.searched else visit.memory.customer)


def _customer_id(visit: Visit) -> str:
    """The customer on the screen."""
    customer_id = visit.memory.customer or visit.installation.lookup.known_customer_id(visit.contact)
    if customer_id is None:
        raise UnknownComponent("no customer on the screen")
    return customer_id


def _find_number(visit: Visit, query: str) -> Drawn:
    for spelling in _spellings(visit, query):
        screen = f"number:{spelling}"
        live = visit.installation.lookup.order_by_number(spelling, visit.contact, visit.asked(screen))
        if live.value.order:
            return _order_screen(visit, live, "search")
    return _nothing_found(visit, query)


def _spellings(visit: Visit, query: str) -> tuple[str, ...]:
    """What the shop is asked for: the number as typed and in capitals, or the one inside of `order DE-10482`."""
    options = visit.installation.mapping.panel
    typed = ConversationText(passage=Passage.TITLE, html=escape(query))
    named = order_numbers_named(Conversation(id=None, texts=(typed,)), options.order_number_patterns, limit=2)
    bare = query.removeprefix("#")
    return tuple(dict.fromkeys((bare, bare.upper()) if len(query.split()) == 1 or not named else named))


def _nothing_found(visit: Visit, query: str) -> Drawn:
    return _form(visit, query=query, error=screens.nothing_found(query, visit.installation.look))


def _form(visit: Visit, *, query: str | None = None, error: str | None = None) -> Drawn:
    back = visit.memory.back if visit.memory.screen in ("search", "find") else visit.memory.screen
    memory = visit.remember("search", back=back)
    canvas = screens.search_form(visit.installation.look, memory=memory, query=query, error=error, back=back)
    return Drawn(canvas, "search")


def _uuid(argument: str) -> str:
    value = uuid_or_none(argument)
    if value is None:
        raise UnknownComponent("not an id")
    return value


def _offset(argument: str) -> int:
    if argument and not (argument.isascii() and argument.isdecimal() and len(argument) <= 5):
        raise UnknownComponent("not a page")
    return min(int(argument or 0), LARGEST_OFFSET)
