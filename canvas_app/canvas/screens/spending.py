"""What an order cost, how it was paid and what was paid back: the sections about money."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from canvas_app.canvas.components import Component, ListItem, Row, Text, TextStyle, plain
from canvas_app.canvas.screens.look import Look
from canvas_app.canvas.screens.personal import Sight
from canvas_app.canvas.screens.section import and_more, heading, listed, tabled
from canvas_app.canvas.screens.summary import NAME_LIMIT, dotted
from canvas_app.words.labels import TRANSACTION_STATES, TRANSACTION_TYPES, label
from commerce.masks import Mask, mask
from commerce.money import Money
from commerce.order import Order
from commerce.payment import SUCCESS, Payment, Transaction
from commerce.payments import payment_summary
from commerce.receipt import Receipt, receipt

_PAYMENTS_SHOWN: Final = 5
_TRANSACTIONS_SHOWN: Final = 10


def receipt_section(order: Order, look: Look) -> Iterator[Component]:
    """The receipt: lines that add up to the total, then what was paid and what is left."""
    account = receipt(order)
    title = look.words.t("Receipt")
    if account is None:
        yield from tabled(title, [Row(field=look.words.t("Total"), value=look.formats.money(order.gross))], look)
        return
    yield from tabled(title, [*sum_rows(account, look), *payment_rows(account, order, look)], look)


def payments_section(order: Order, sight: Sight, look: Look) -> Iterator[Component]:
    """Every payment with its transactions, as the payment provider reported them."""
    payments = order.payments
    if payments is None:
        return
    if not payments:
        yield from heading(look.words.t("Payments"))
        yield Text(text=look.words.t("No payment is linked to this order."), style=TextStyle.MUTED)
    for at, payment in enumerate(payments[:_PAYMENTS_SHOWN]):
        yield from _payment(payment, sight, look, id=f"transaction:{at}")
    yield from and_more(len(payments) - _PAYMENTS_SHOWN, look)


def sum_rows(account: Receipt, look: Look) -> Iterator[Row]:
    """The lines of the sum; those that are zero are left out, the total never is."""
    t = look.words.t
    lines = (
        (t("Subtotal"), account.subtotal, True),
        (t("Discounts"), account.discounts, bool(account.discounts)),
        (t("Shipping costs"), account.shipping, bool(account.shipping)),
        (t("Other"), account.other, bool(account.other)),
        (t("Tax"), account.tax_added, bool(account.tax_added)),
        (t("Total"), account.total, True),
        (t("Including tax"), account.tax_included, bool(account.tax_included)),
    )
    yield from (_amount(name, amount, look) for name, amount, shown in lines if amount is not None and shown)


def payment_rows(account: Receipt, order: Order, look: Look) -> Iterator[Row]:
    """What was paid and what is left; what is due is not known when something was paid in another currency."""
    t = look.words.t
    payments = payment_summary(order)
    elsewhere = [each for each in payments.foreign if each.state == SUCCESS]
    lines = (
        (t("Paid"), account.paid, True),
        (t("Refunded"), account.refunded, False),
        (t("Refund not confirmed"), payments.refund_pending, False),
        (t("Charged back"), account.charged_back, False),
        (t("Overpaid"), account.overpaid, False),
        (t("Due"), None if elsewhere else account.due, True),
    )
    for name, amount, always in lines:
        if amount is not None and (amount or always):
            yield _amount(name, amount, look)
    if elsewhere:
        yield Row(field=t("In another currency"), value=", ".join(movement(each, look) for each in elsewhere))


def _amount(name: str, amount: Money, look: Look) -> Row:
    return Row(field=name, value=look.formats.money(amount))


def _payment(payment: Payment, sight: Sight, look: Look, *, id: str) -> Iterator[Component]:
    title = dotted(
        (look.words.t("Payment"), payment_method(payment), masked_reference(payment.interface_id, sight, look))
    )
    rows = [_transaction_item(each, look, id=f"{id}:{at}") for at, each in enumerate(payment.transactions)]
    if rows:
        yield from listed(title, rows, look, shown=_TRANSACTIONS_SHOWN)
    else:
        yield from heading(title)
        planned = look.formats.money(payment.planned)
        yield Text(text=look.words.t("No transaction yet, {amount} planned", amount=planned), style=TextStyle.MUTED)
    text = look.personal("order.payment_status_text", payment.status_text) if sight.personal else None
    if text:
        yield Text(text=text, style=TextStyle.MUTED)


def payment_method(payment: Payment) -> str:
    """`Credit card, Adyen`: the method's name and the provider."""
    method, provider = payment.method_name or payment.method or "", payment.interface or ""
    names = (method,) if method.casefold() == provider.casefold() else (method, provider)
    return ", ".join(plain(name, NAME_LIMIT) for name in names if name)


def masked_reference(given: str | None, sight: Sight, look: Look) -> str | None:
    """The provider's reference, of which agents never see more than the end, whatever the merchant's own mask."""
    reference = look.personal("order.payment_reference", given) if sight.personal else None
    if reference is None:
        return None
    return plain(mask(Mask.LAST4, reference) if reference == given else reference, NAME_LIMIT)


def _transaction_item(transaction: Transaction, look: Look, *, id: str) -> ListItem:
    at = transaction.timestamp
    return ListItem(
        id=id,
        title=movement(transaction, look),
        subtitle=label(TRANSACTION_STATES, transaction.state, look.words),
        tertiary_text=look.formats.date_and_time(at) if at else None,
    )


def movement(transaction: Transaction, look: Look) -> str:
    """`Charge 129.90 EUR`."""
    kind = plain(label(TRANSACTION_TYPES, transaction.type, look.words), NAME_LIMIT)
    return f"{kind} {look.formats.money(transaction.amount)}"
