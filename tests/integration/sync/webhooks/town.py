"""Customers whose contacts others make: the sync makes none, so what appears is news."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from sandbox.intercom import IntercomStandIn
from sandbox.intercom.acts import act
from sandbox.intercom.contact import Contact
from sync.people import guest_subject
from sync.storage.database import Database
from sync.storage.installations import SINGLE, load_installation
from sync.storage.subjects import SubjectRow, load_subject
from tests.integration.sync.companion import Companion
from tests.integration.sync.stepping import Steps
from tests.integration.sync.webhooks.listening import Ear
from tests.integration.sync.working import eventually

SOON: Final = 30.0
MOST_ROUNDS: Final = 20

MAPPING: Final = """
[sync]
create_contacts = "never"
guests = "link"

[attributes]
ct_orders = { path = "lifetime.orders", type = "integer" }
ct_last_order_number = "order.number"

[tags]
"Payment failed" = "order.payment_status == 'failed'"

[conversations.attributes]
ct_order_number = "order.number"
ct_order_payment = "order.payment_status"

[conversations.tags]
"Order payment failed" = "order.payment_status == 'failed'"
"""


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Somebody with one order."""

    id: str
    email: str
    order: str
    number: str

    @property
    def key(self) -> str:
        return f"c:{self.id}"


@dataclass(frozen=True)
class Town:
    """Jobs run when they are told to, in the thread of the test."""

    running: Companion
    ear: Ear
    steps: Steps

    @property
    def intercom(self) -> IntercomStandIn:
        return self.running.intercom

    @property
    def database(self) -> Database:
        return self.running.database

    # the shop

    def customer(self) -> Customer:
        """Known to the sync, and to Intercom not."""
        name = uuid4().hex[:8]
        email = f"{name}@example.com"
        customer = self.running.act("create_account", email=email, name=name).ids["customer"]
        number = f"TOWN-{int(name, 16)}"
        order = self.place(customer, number)
        return Customer(id=customer, email=email, order=order, number=number)

    def place(self, customer: str, number: str) -> str:
        order = self.running.act("place", customer=customer, number=number, name=number).ids["order"]
        self.catch_up()
        return order

    def catch_up(self) -> None:
        """What the shop has of news has arrived; conversations are not looked at."""
        self.running.sweep()
        self.quiet()

    # the workspace

    def contact(self, email: str | None = None, *, external_id: str | None = None, role: str = "user") -> Contact:
        """One that nobody is told of."""
        id_ = uuid4().hex[:24]
        workspace = self.intercom.workspace
        made = Contact(
            id=id_, workspace_id=workspace.id, role=role, born=0, updated_at=0, email=email, external_id=external_id
        )
        return self.intercom.put(made)

    def linked(self) -> tuple[Customer, Contact]:
        """A customer whose contact is up to date."""
        customer = self.customer()
        made = self.contact(customer.email, external_id=customer.id)
        self.does("change_email", contact=made.id, email=customer.email.upper())
        self.quiet()
        assert self.holds(made.id)["ct_last_order_number"] == customer.number
        return customer, made

    def does(self, name: str, **given: Any) -> None:
        """Something happens in the workspace, and what follows from it."""
        act(self.intercom, {"act": name, **given})
        self.quiet()

    def holds(self, contact_id: str) -> Mapping[str, Any]:
        contact = self.intercom.contact(contact_id)
        return contact.custom_attributes if contact is not None else {}

    def says(self, contact: Contact, text: str) -> str:
        """A conversation begins; its id."""
        conversation = self.intercom.converse(contact, f"<p>{text}</p>")
        self.quiet()
        return conversation

    def replies(self, conversation: str, text: str) -> None:
        self.intercom.reply(conversation, f"<p>{text}</p>")
        self.quiet()

    def conversation(self, id_: str) -> Mapping[str, Any]:
        found = self.intercom.conversation(id_)
        assert found is not None
        return found

    def named(self, id_: str) -> object:
        """The order that a conversation says it is about."""
        return self.conversation(id_)["custom_attributes"].get("ct_order_number")

    def tags(self, id_: str) -> list[str]:
        return [tag["name"] for tag in self.conversation(id_)["tags"]["tags"]]

    # the sync

    def subject(self, key: str) -> SubjectRow:
        with self.database.transaction() as connection:
            row = load_subject(connection, SINGLE, key)
        assert row is not None
        return row

    def guest(self, email: str) -> str:
        with self.database.transaction() as connection:
            row = load_installation(connection, SINGLE)
        assert row is not None
        return guest_subject(email, hash_key=row.hash_key)

    def writes(self) -> int:
        """To contacts and conversations, whatever came of them."""
        with self.intercom.lock:
            return sum(
                request.method != "GET" and "search" not in request.path for request in self.intercom.log.requests
            )

    def quiet(self) -> None:
        """Everything that was told has been heard, and everything that follows from it is done."""
        for _ in range(MOST_ROUNDS):
            assert eventually(lambda: self.intercom.webhooks.is_idle, within=SOON)
            self.steps.settle()
            if self.intercom.webhooks.is_idle:
                return
        raise AssertionError("it never ends")
