"""Stage 1: reads one resource from the shop as it is now, keeps it, and wakes whose it is.

Whatever the hint said, what counts is what is read. A payment is not kept by itself: it is a part of its order.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from psycopg import Connection

from clients.errors import TryAgain
from sync.installation import Installation, Node
from sync.keeping import FOLLOWED, Kept, buyer, keep_cart, keep_customer, keep_gone, keep_order, settle
from sync.people import subject_of_order
from sync.storage.conversations import subjects_of_order
from sync.storage.facts import FactKind, is_known, orders_of_payment, unknown_orders
from sync.storage.hints import Hint, ResourceRead, ResourceType, finish_read, in_batches, record_hints
from sync.storage.traces import Trace, add_traces

MOST_WAITS: Final = 6  # for a version that was announced: with back-off about half a minute

_KINDS: Final[dict[ResourceType, FactKind]] = {
    ResourceType.ORDER: "order",
    ResourceType.CUSTOMER: "customer",
    ResourceType.CART: "cart",
}


class NotYetThere(TryAgain):
    """The shop still shows an older version than the one that was announced."""

    reason_code = "not_yet_there"


class StageOne:
    """For one installation. Thread-safe."""

    def __init__(self, installation: Installation) -> None:
        self._at = installation

    def read(self, read: ResourceRead) -> bool:
        """Answers all hints of the resource; whether the shop had to be asked for it.

        Raises `NotYetThere` and what clients and storage raise.
        """
        if read.type is ResourceType.PAYMENT:
            return self._payment(read)
        if read.type is ResourceType.ORDER_NUMBER:
            self._order_number(read)
            return True
        self._fact(read, _KINDS[read.type])
        return True

    def _fact(self, read: ResourceRead, kind: FactKind) -> None:
        asked_at = self._at.now()  # the answer may be as old as the question
        node = self._node(read)
        others = self._orders_of_a_newcomer(read, node)
        with self._at.database.transaction() as connection:
            kept = self._keep(connection, read, kind, node, asked_at)
            for part in in_batches(_unread(connection, read.installation, others)):
                record_hints(connection, read.installation, part, priority=read.priority)
            talking = _talking_of(connection, read, kept)
            settle(connection, read.installation, [kept, talking], priority=read.priority)
            add_traces(connection, read.installation, [_trace(read, kept, node, at=asked_at)])
            late = _is_late(read, kept, node)
            if not late:
                finish_read(connection, read)
        if late:
            raise NotYetThere(f"{read.type} is still at version {kept.version}, {read.wanted_version} was announced")

    def _node(self, read: ResourceRead) -> Node | None:
        call = self._at.call(read.correlation_id)
        match read.type:
            case ResourceType.ORDER:
                return self._at.shop.order(read.id, call=call)
            case ResourceType.CUSTOMER:
                return self._at.shop.customer(read.id, call=call)
            case _:
                return self._at.shop.active_cart(read.id, call=call)

    def _orders_of_a_newcomer(self, read: ResourceRead, node: Node | None) -> tuple[str, ...]:
        """The orders of an account or guest whom we see for the first time: sums need all of them."""
        if node is None or read.type is ResourceType.CART:
            return ()
        customer_id, email = (read.id, None) if read.type is ResourceType.CUSTOMER else buyer(node)
        subject = subject_of_order(customer_id, email, hash_key=self._at.mapping.hash_key)
        if subject is None or (customer_id and read.type is ResourceType.ORDER):
            return ()  # an account's turn comes when it is read itself
        with self._at.database.transaction() as connection:
            if is_known(connection, read.installation, subject):
                return ()
        call = self._at.call(read.correlation_id)
        if customer_id:
            return self._at.shop.orders_of_customer(customer_id, call=call)
        spellings = sorted({email.strip(), email.strip().lower()}) if email else []
        return tuple(id_ for each in spellings for id_ in self._at.shop.orders_of_guest(each, call=call))

    def _keep(
        self, connection: Connection, read: ResourceRead, kind: FactKind, node: Node | None, at: datetime
    ) -> Kept:
        if node is None:
            if _may_be_late(read):
                return Kept(version=None, stored=False, subjects=frozenset())
            return keep_gone(connection, read.installation, kind, read.id, at=at)
        match kind:
            case "order":
                hash_key = self._at.mapping.hash_key
                return keep_order(connection, read.installation, node, hash_key=hash_key, read_at=at)
            case "customer":
                return keep_customer(connection, read.installation, node, read_at=at)
            case "cart":
                return keep_cart(connection, read.installation, read.id, node, read_at=at)

    def _order_number(self, read: ResourceRead) -> None:
        """Somebody named an order that we have not seen; a number that the shop does not know is nothing."""
        order_id = self._at.shop.order_by_number(read.id, call=self._at.call(read.correlation_id))
        hints = [] if order_id is None else [Hint(source=FOLLOWED, type=ResourceType.ORDER, id=order_id)]
        with self._at.database.transaction() as connection:
            record_hints(connection, read.installation, hints, priority=read.priority)
            finish_read(connection, read)

    def _payment(self, read: ResourceRead) -> bool:
        """Hands the hints on to the payment's orders; one that has none yet will be read with its order."""
        with self._at.database.transaction() as connection:
            known = orders = orders_of_payment(connection, read.installation, read.id)
        if not known:
            orders = self._at.shop.orders_of_payment(read.id, call=self._at.call(read.correlation_id))
        hints = [
            replace(hint, type=ResourceType.ORDER, id=order, version=None)
            for order in orders
            for hint in (read.hints or (Hint(source="payment", type=ResourceType.ORDER, id=order),))
        ]
        with self._at.database.transaction() as connection:
            for part in in_batches(hints):
                record_hints(connection, read.installation, part, priority=read.priority)
            add_traces(connection, read.installation, [_payment_trace(read, orders, at=self._at.now())])
            finish_read(connection, read)
        return not known


def _unread(connection: Connection, installation: str, orders: tuple[str, ...]) -> list[Hint]:
    unknown = unknown_orders(connection, installation, orders)
    return [Hint(source=FOLLOWED, type=ResourceType.ORDER, id=id_) for id_ in unknown]


def _talking_of(connection: Connection, read: ResourceRead, kept: Kept) -> Kept:
    """Whose conversations are about the order, or name it: they may be other people than its customer."""
    if read.type is not ResourceType.ORDER or not kept.subjects:
        return Kept(version=None, stored=False, subjects=frozenset())
    subjects = subjects_of_order(connection, read.installation, read.id, number=kept.number)
    return Kept(version=None, stored=True, subjects=subjects)


def _may_be_late(read: ResourceRead) -> bool:
    """Whether to wait for what was announced; for ever would be to believe a hint more than the shop.

    Never for a cart: the version of one is not that of another, which may have taken its place.
    """
    return read.type is not ResourceType.CART and read.wanted_version is not None and read.attempts < MOST_WAITS


def _is_late(read: ResourceRead, kept: Kept, node: Node | None) -> bool:
    if read.wanted_version is None or not _may_be_late(read):
        return False
    return node is None or kept.version is None or kept.version < read.wanted_version


def _trace(read: ResourceRead, kept: Kept, node: Node | None, *, at: datetime) -> Trace:
    return Trace(
        at=at,
        step="read",
        subject=next(iter(sorted(kept.subjects)), None),
        resource_type=read.type.value,
        resource_id=read.id,
        order_number=kept.number,
        correlation_id=read.correlation_id,
        detail={
            "found": node is not None,
            "version": kept.version,
            "is_news": kept.stored,
            "subjects": sorted(kept.subjects),
            "hints": [_said(hint) for hint in read.hints],
        },
    )


def _payment_trace(read: ResourceRead, orders: tuple[str, ...], *, at: datetime) -> Trace:
    return Trace(
        at=at,
        step="read",
        resource_type=read.type.value,
        resource_id=read.id,
        correlation_id=read.correlation_id,
        detail={"orders": list(orders), "hints": [_said(hint) for hint in read.hints]},
    )


def _said(hint: Hint) -> dict[str, object]:
    said = {
        "source": hint.source,
        "version": hint.version,
        "message_type": hint.message_type,
        "occurred_at": hint.occurred_at.isoformat() if hint.occurred_at else None,
        "correlation_id": hint.correlation_id,
    }
    return {name: value for name, value in said.items() if value is not None}
