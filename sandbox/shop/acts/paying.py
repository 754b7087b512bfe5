"""Money comes and goes: transactions on an order's payment, and the payment state that the merchant sets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandbox.shop.acts.act import Act, NotPossible
from sandbox.shop.acts.goods import money
from sandbox.shop.amounts import cents
from sandbox.shop.identifiers import payment_id, stable_id
from sandbox.shop.payments import PaymentOf
from sandbox.shop.resources import Document, timestamp

SUCCESS = "Success"


def capture(act: Act, *, order: str, amount: int | None = None, set_state: bool = True) -> None:
    """Charge what is still owed, or `amount` in minor units. `set_state`: the order's payment state as well."""
    sale = act.the("order", order)
    owed = _owed(sale) - _sum(act, sale, "Charge")
    _refuse_cancelled(sale)
    if amount is None and owed <= 0:
        raise NotPossible("everything is captured")
    _add(act, sale, "Charge", SUCCESS, owed if amount is None else amount)
    if set_state:
        paid = _sum(act, act.the("order", order), "Charge") >= _owed(sale)
        _set_state(act, order, "Paid" if paid else "BalanceDue")


def authorise(act: Act, *, order: str, amount: int | None = None) -> None:
    """Reserve the order's total, or `amount` in minor units."""
    sale = act.the("order", order)
    _add(act, sale, "Authorization", SUCCESS, _owed(sale) if amount is None else amount)


def fail_payment(act: Act, *, order: str, set_state: bool = True) -> None:
    """A charge of the order's total is declined."""
    sale = act.the("order", order)
    _add(act, sale, "Charge", "Failure", _owed(sale))
    if set_state:
        _set_state(act, order, "Failed")


def charge_back(act: Act, *, order: str, amount: int | None = None) -> None:
    """The customer's bank takes back what was captured, or `amount` in minor units."""
    sale = act.the("order", order)
    captured = _sum(act, sale, "Charge")
    if captured <= 0:
        raise NotPossible("nothing is captured")
    _add(act, sale, "Chargeback", SUCCESS, captured if amount is None else amount)


def refund(
    act: Act, *, order: str, amount: int | None = None, transaction: bool = True, return_state: bool | None = None
) -> None:
    """Give money back: a refund transaction, the items that came back marked as refunded (silently), or both.

    `amount`, in minor units, is what the items that came back cost, else all that is left of what was
    captured. `return_state`: mark them; unless said, when there are any.
    """
    sale = act.the("order", order)
    came_back = [each for each in _return_items(sale) if each["paymentState"] == "Initial"]
    if not transaction and not came_back:
        raise NotPossible("nothing came back that is not refunded yet")
    if transaction:
        left = _sum(act, sale, "Charge") - _sum(act, sale, "Refund") - _sum(act, sale, "Chargeback")
        if left <= 0:
            raise NotPossible("nothing is captured that is not refunded yet")
        worth = sum(_worth(sale, each) for each in came_back) or left
        _add(act, sale, "Refund", SUCCESS, min(worth, left) if amount is None else amount)
    if return_state or (return_state is None and came_back):
        _mark_refunded(act, order)


def add_payment(act: Act, order: str, *, first: bool = False, charged: bool = False) -> str:
    """A payment for the order with nothing on it; as its `first`, the total is reserved or charged at once."""
    sale = act.the("order", order)
    earlier = _payments_of(sale)
    name = f"{order}/{len(earlier)}"
    template = PaymentOf(name=name, planned="0", created=act.time[:10], customer=sale.get("customerId")).document()
    currency = sale["totalPrice"]["currencyCode"]
    planned = cents(_owed(sale), currency)
    stamps = {"version": 1, "createdAt": act.time, "lastModifiedAt": act.time}
    act.create("payment", {**template, **stamps, "amountPlanned": planned})
    reference = {"typeId": "payment", "id": payment_id(name)}
    if first:  # the order is being made: this is its first version
        made: dict[str, Any] = {**sale, "paymentInfo": {"payments": [reference]}}
        made["paymentState"] = "Paid" if charged else "Pending"
        act.create("order", made)
        _add(act, made, "Charge" if charged else "Authorization", SUCCESS, _owed(sale))
    else:
        act.set("order", order, paymentInfo={"payments": [*earlier, reference]})
    return payment_id(name)


def _set_state(act: Act, order: str, state: str) -> None:
    before = act.the("order", order).get("paymentState")
    act.set("order", order, paymentState=state)
    if state != before:
        act.tell("OrderPaymentStateChanged", "order", order)


def _add(act: Act, sale: Document, kind: str, state: str, amount: int) -> None:
    if amount <= 0:
        raise NotPossible("amount is a number of minor units above 0")
    payment = act.the("payment", _payment_for(act, sale))
    currency = payment["amountPlanned"]["currencyCode"]
    transaction = stable_id("transaction", f"{payment['id']}/{len(payment['transactions'])}")
    added = {
        "id": transaction,
        "timestamp": timestamp(act.at),
        "type": kind,
        "state": state,
        "amount": cents(amount, currency),
        "interactionId": f"TX-{transaction[:8].upper()}",
    }
    act.ids["transaction"] = transaction
    act.set("payment", payment["id"], transactions=[*payment["transactions"], added])
    act.tell("PaymentTransactionAdded", "payment", payment["id"])


def _payment_for(act: Act, sale: Document) -> str:
    """The order's payment in its own currency, a new one when there is none."""
    currency = sale["totalPrice"]["currencyCode"]
    for reference in _payments_of(sale):
        payment = act.writing.get("payment", reference["id"])
        if payment is not None and payment["amountPlanned"]["currencyCode"] == currency:
            return str(payment["id"])
    return add_payment(act, sale["id"])


def _payments_of(sale: Document) -> list[Document]:
    return list((sale.get("paymentInfo") or {}).get("payments", ()))


def _owed(sale: Document) -> int:
    taxed = sale.get("taxedPrice")
    return money(taxed["totalGross"] if taxed else sale["totalPrice"])


def _sum(act: Act, sale: Document, kind: str) -> int:
    """Of the successful transactions of a type, over the order's payments in its own currency."""
    return sum(
        money(transaction["amount"])
        for reference in _payments_of(sale)
        for transaction in (act.writing.get("payment", reference["id"]) or {"transactions": ()})["transactions"]
        if transaction["type"] == kind
        and transaction["state"] == SUCCESS
        and transaction["amount"]["currencyCode"] == sale["totalPrice"]["currencyCode"]
    )


def _return_items(sale: Document) -> Iterable[Document]:
    return (each for returned in sale["returnInfo"] for each in returned["items"])


def _worth(sale: Document, returned: Document) -> int:
    lines = {line["id"]: line for line in (*sale["lineItems"], *sale["customLineItems"])}
    line = lines.get(returned.get("lineItemId") or returned.get("customLineItemId"))
    if line is None:
        return 0
    gross = money(line["taxedPrice"]["totalGross"] if "taxedPrice" in line else line["totalPrice"])
    return int(gross * returned["quantity"] // line["quantity"])


def _mark_refunded(act: Act, order: str) -> None:
    """`setReturnPaymentState`, of which the platform sends no message."""
    sale = act.the("order", order)
    marked = [
        {**returned, "items": [_refunded(each, act) for each in returned["items"]]} for returned in sale["returnInfo"]
    ]
    if marked == sale["returnInfo"]:
        raise NotPossible("nothing came back that is not refunded yet")
    act.set("order", order, returnInfo=marked)


def _refunded(item: Document, act: Act) -> Document:
    if item["paymentState"] != "Initial":
        return item
    act.ids["return_item"] = item["id"]
    return {**item, "paymentState": "Refunded", "lastModifiedAt": act.time}


def _refuse_cancelled(sale: Document) -> None:
    if sale["orderState"] == "Cancelled":
        raise NotPossible("the order is cancelled")
