"""Stage 1: reads one resource from the shop as it is now, keeps it, and wakes whose it is.

Whatever the hint said, what counts is what is read. A payment is not kept by itself: it is a part of its order.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final
from uuid import uuid4

from psycopg import Connection

from clients.deadline import Call
from clients.errors import PlatformError, TryAgain
from sync.delivery import answer_of
from sync.installation import Installation, Node
from sync.keeping import FOLLOWED, Kept, buyer, keep_cart, keep_customer, keep_gone, keep_order, settle
from sync.people import subject_of_order
from sync.steps import Steps
from sync.storage.conversations import subjects_of_order
from sync.storage.facts import FactKind, is_known, orders_of_payment, unknown_orders
from sync.storage.hints import GivenHint, Hint, ResourceRead, ResourceType, finish_read, in_batches, record_hints
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
        steps = Steps(at=self._at, correlation_id=read.correlation_id or uuid4().hex)
        try:
            return self._read(read, steps)
        except PlatformError as error:
            if steps.has_answers:
                self._note_failure(read, error, steps)
            raise

    def _note_failure(self, read: ResourceRead, error: PlatformError, steps: Steps) -> None:
        with suppress(PlatformError), self._at.database.transaction() as connection:
            trace = steps.step("failed", answer_of(error), resource=(read.type.value, read.id))
            add_traces(connection, read.installation, [trace])

    def _read(self, read: ResourceRead, steps: Steps) -> bool:
        if read.type is ResourceType.PAYMENT:
            return self._payment(read, steps)
        if read.type is ResourceType.ORDER_NUMBER:
            self._order_number(read, steps)
            return True
        self._fact(read, _KINDS[read.type], steps)
        return True

    def _fact(self, read: ResourceRead, kind: FactKind, steps: Steps) -> None:
        asked_at = self._at.now()  # the answer may be as old as the question
        node = self._node(read, steps.call())
        others = self._orders_of_a_newcomer(read, node, steps)
        with self._at.database.transaction() as connection:
            kept = self._keep(connection, read, kind, node, asked_at)
            for part in in_batches(_unread(connection, read.installation, others)):
                record_hints(connection, read.installation, part, priority=read.priority)
            talking = _talking_of(connection, read, kept)
            settle(connection, read.installation, [kept, talking], priority=read.priority)
            add_traces(connection, read.installation, _told(read, kept, talking, node, steps))
            late = _is_late(read, kept, node)
            if not late:
                finish_read(connection, read)
        if late:
            raise NotYetThere(f"{read.type} is still at version {kept.version}, {read.wanted_version} was announced")

    def _node(self, read: ResourceRead, call: Call) -> Node | None:
        match read.type:
            case ResourceType.ORDER:
                return self._at.shop.order(read.id, call=call)
            case ResourceType.CUSTOMER:
                return self._at.shop.customer(read.id, call=call)
            case _:
                return self._at.shop.active_cart(read.id, call=call)

    def _orders_of_a_newcomer(self, read: ResourceRead, node: Node | None, steps: Steps) -> tuple[str, ...]:
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
        if customer_id:
            return self._at.shop.orders_of_customer(customer_id, call=steps.call())
        spellings = sorted({email.strip(), email.strip().lower()}) if email else []
        return tuple(id_ for each in spellings for id_ in self._at.shop.orders_of_guest(each, call=steps.call()))

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

    def _order_number(self, read: ResourceRead, steps: Steps) -> None:
        """Somebody named an order that we have not seen; a number that the shop does not know is nothing."""
        order_id = self._at.shop.order_by_number(read.id, call=steps.call())
        orders = [] if order_id is None else [order_id]
        followed = partial(Hint, source=FOLLOWED, type=ResourceType.ORDER, correlation_id=steps.correlation_id)
        with self._at.database.transaction() as connection:
            record_hints(connection, read.installation, [followed(id=each) for each in orders], priority=read.priority)
            add_traces(connection, read.installation, [_step(read, steps, {"orders": orders}, order_number=read.id)])
            finish_read(connection, read)

    def _payment(self, read: ResourceRead, steps: Steps) -> bool:
        """Hands the hints on to the payment's orders; one that has none yet will be read with its order."""
        with self._at.database.transaction() as connection:
            known = orders = orders_of_payment(connection, read.installation, read.id)
        if not known:
            orders = self._at.shop.orders_of_payment(read.id, call=steps.call())
        hints = [
            replace(hint, type=ResourceType.ORDER, id=order, version=None)
            for order in orders
            for hint in (read.hints or (Hint(source="payment", type=ResourceType.ORDER, id=order),))
        ]
        with self._at.database.transaction() as connection:
            for part in in_batches(hints):
                record_hints(connection, read.installation, part, priority=read.priority)
            add_traces(connection, read.installation, [_step(read, steps, {"orders": list(orders)})])
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


def _told(read: ResourceRead, kept: Kept, talking: Kept, node: Node | None, steps: Steps) -> list[Trace]:
    """That it was read, for everybody whom it woke."""
    subjects = sorted(kept.subjects | talking.subjects)
    detail: dict[str, object] = {
        "found": node is not None,
        "version": kept.version,
        "wanted": read.wanted_version,
        "is_news": kept.stored,
        "subjects": subjects,
    }
    first = _step(read, steps, detail, subject=next(iter(subjects), None), order_number=kept.number)
    return [first, *(replace(first, subject=subject) for subject in subjects[1:])]


def _step(
    read: ResourceRead,
    steps: Steps,
    detail: Mapping[str, object],
    *,
    subject: str | None = None,
    order_number: str | None = None,
) -> Trace:
    return steps.step(
        "read",
        {**detail, "hints": [_said(hint) for hint in read.hints]},
        subject=subject,
        resource=(read.type.value, read.id),
        order_number=order_number,
    )


def _said(hint: GivenHint) -> dict[str, object]:
    said = {
        "received_at": hint.received_at.isoformat(),
        "source": hint.source,
        "version": hint.version,
        "message_type": hint.message_type,
        "occurred_at": hint.occurred_at.isoformat() if hint.occurred_at else None,
        "correlation_id": hint.correlation_id,
    }
    return {name: value for name, value in said.items() if value is not None}
