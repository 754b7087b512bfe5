"""What becomes of an order: its states, its number, whose it is."""

from __future__ import annotations

from sandbox.shop.acts.act import Act, NotPossible
from sandbox.shop.identifiers import stable_id, state_id


def confirm(act: Act, *, order: str) -> None:
    """`orderState` becomes `Confirmed`."""
    _enter(act, order, "Confirmed")


def complete(act: Act, *, order: str) -> None:
    """`orderState` becomes `Complete`."""
    _enter(act, order, "Complete")
    act.set("order", order, completedAt=act.time)


def cancel(act: Act, *, order: str) -> None:
    """`orderState` becomes `Cancelled`."""
    _enter(act, order, "Cancelled")


def reopen(act: Act, *, order: str) -> None:
    """`orderState` becomes `Open` again."""
    _enter(act, order, "Open")


def enter_state(act: Act, *, order: str, state: str) -> None:
    """The order enters a workflow state of the shop's own, by its key."""
    act.the("order", order)
    if act.writing.get("state", state_id(state)) is None:
        raise NotPossible(f"there is no workflow state {state}")
    act.set("order", order, state={"typeId": "state", "id": state_id(state)})
    act.tell("OrderStateTransition", "order", order)


def set_number(act: Act, *, order: str, number: str) -> None:
    """An order without a number gets one: the platform lets it be set once, and sends no message."""
    if "orderNumber" in act.the("order", order):
        raise NotPossible("the order has a number")
    if any(each.get("orderNumber") == number for each in act.writing.all("order")):
        raise NotPossible(f"there is an order {number} already")
    act.set("order", order, orderNumber=number)


def set_locale(act: Act, *, order: str, locale: str) -> None:
    """The order's language; no message tells it."""
    act.set("order", order, locale=locale)


def move(act: Act, *, order: str, customer: str | None = None, email: str | None = None) -> None:
    """The order becomes a customer's, or a guest's without one. Its e-mail address stays unless given."""
    sale = act.the("order", order)
    if customer is None and not (email or sale.get("customerEmail")):
        raise NotPossible("a guest's order needs an e-mail address")
    if customer is not None:
        act.the("customer", customer)
    if sale.get("customerId") == customer and email in (None, sale.get("customerEmail")):
        raise NotPossible("the order is theirs already")
    anonymous = None if customer else stable_id("anonymous", order)
    act.set(
        "order", order, customerId=customer, customerEmail=email or sale.get("customerEmail"), anonymousId=anonymous
    )


def delete_order(act: Act, *, order: str) -> None:
    """The order is gone; its payments stay, as on the platform."""
    act.the("order", order)
    act.writing.remove("order", order)


def _enter(act: Act, order: str, state: str) -> None:
    if act.the("order", order)["orderState"] == state:
        raise NotPossible(f"the order is {state.lower()} already")
    act.set("order", order, orderState=state)
    act.tell("OrderStateChanged", "order", order)
