"""What can be done in the shop for the person of a conversation, and why the rest cannot: the page's buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sandbox.shop.resources import Document, Stock

if TYPE_CHECKING:
    from sandbox.shop.acts import Acts

Ask = dict[str, Any]
RENAMED: Final = ("Frida", "Ida", "Nora", "Tilda", "Karla")
NOBODY: Final = "nobody in the shop"
NO_ORDER: Final = "there is no order yet"


def offers(acts: Acts, *, customer: str | None, email: str | None) -> dict[str, Any]:
    """For the customer with that id, else whoever has that e-mail address, a guest among them; their newest order.

    {"who": "Anna Kowalska" | null, "order": {"id", "number"} | null,
     "offers": [{"name", "label", "ask": {"act", ...} | null, "reason": str | null}]}
    """
    stock = acts.shop.now()
    account, guest, reason = _whom(stock, customer, email)
    order = _newest_order(stock, account, guest)
    found = [_place(acts, account, guest, reason)]
    for name, label, steps in _STEPS:
        found.append(_first_possible(acts, name, label, steps, order, reason))
    found += [_rename(account, reason), _erase(account, reason)]
    return {"who": _name(account) if account else guest, "order": _shown(order), "offers": found}


_STEPS: Final = (
    ("capture", "Capture", (("Capture", "capture"),)),
    ("ship", "Ship", (("Ship", "ship"), ("Deliver", "deliver"))),
    ("return", "Return", (("Receive return", "receive_return"), ("Return", "request_return"))),
    ("refund", "Refund", (("Refund", "refund"),)),
)
"""A button's name and label, and what it does: the first of its acts that is possible."""


def _whom(stock: Stock, customer: str | None, email: str | None) -> tuple[Document | None, str | None, str | None]:
    """The account or the guest's e-mail address; and when it is neither, why."""
    account = stock.get("customer", customer) if customer else None
    if account is not None:
        return account, None, None
    if not email:
        return None, None, NOBODY
    accounts = [each for each in stock.all("customer") if each["email"].lower() == email.lower()]
    if len(accounts) > 1:
        return None, None, "several customers have this e-mail address"
    if accounts:
        return accounts[0], None, None
    return None, email, None


def _newest_order(stock: Stock, account: Document | None, guest: str | None) -> Document | None:
    if account is not None:
        theirs = [each for each in stock.all("order") if each.get("customerId") == account["id"]]
    else:
        theirs = [each for each in stock.all("order") if guest and _is_of_guest(each, guest)]
    return max(theirs, key=lambda order: str(order["createdAt"]), default=None)


def _is_of_guest(order: Document, email: str) -> bool:
    return "customerId" not in order and str(order.get("customerEmail", "")).lower() == email.lower()


def _place(acts: Acts, account: Document | None, guest: str | None, reason: str | None) -> Ask:
    ask = {"act": "place"} | ({"customer": account["id"]} if account else {"email": guest})
    return _offer("place", "Place an order", None if reason else ask, reason)


def _first_possible(
    acts: Acts,
    name: str,
    label: str,
    steps: tuple[tuple[str, str], ...],
    order: Document | None,
    reason: str | None,
) -> Ask:
    if order is None:
        return _offer(name, label, None, reason or NO_ORDER)
    refused = _not_yet(name, order)
    for step_label, act in steps if refused is None else ():
        refused = acts.why_not(act, order=order["id"])
        if refused is None:
            return _offer(name, step_label, {"act": act, "order": order["id"]}, None)
    return _offer(name, label, None, refused)


def _not_yet(name: str, order: Document) -> str | None:
    """What the platform would let happen and no shop would."""
    infos = [each["shippingInfo"] for each in order["shipping"]] or [order.get("shippingInfo") or {}]
    if name == "return" and not any(info.get("deliveries") for info in infos):
        return "nothing is shipped that could come back"
    if name == "ship" and order["orderState"] == "Cancelled":
        return "the order is cancelled"
    return None


def _rename(account: Document | None, reason: str | None) -> Ask:
    if account is None:
        return _offer("rename", "Rename", None, reason or "a guest has no account")
    now = account.get("firstName")
    following = RENAMED[(RENAMED.index(now) + 1) % len(RENAMED)] if now in RENAMED else RENAMED[0]
    return _offer("rename", "Rename", {"act": "rename", "customer": account["id"], "first_name": following}, None)


def _erase(account: Document | None, reason: str | None) -> Ask:
    if account is None:
        return _offer("erase", "Erase", None, reason or "a guest has no account")
    return _offer("erase", "Erase", {"act": "erase", "customer": account["id"]}, None)


def _offer(name: str, label: str, ask: Ask | None, reason: str | None) -> Ask:
    return {"name": name, "label": label, "ask": ask, "reason": reason}


def _name(account: Document) -> str:
    return " ".join(account[each] for each in ("firstName", "lastName") if account.get(each)) or str(account["email"])


def _shown(order: Document | None) -> Ask | None:
    return None if order is None else {"id": order["id"], "number": order.get("orderNumber")}
