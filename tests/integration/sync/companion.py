"""The whole sync between the two stand-ins, in this process: a real database, real sockets, a worker in a thread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from clients.commercetools.settings import ShopSettings
from clients.commercetools.source import LIMITS, ShopSource
from clients.intercom.calls import Intercom
from clients.intercom.door import Door
from clients.intercom.settings import IntercomSettings
from clients.intercom.spending import Allowance
from clients.wire.http import Http
from sandbox.commercetools import CommercetoolsStandIn
from sandbox.intercom import IntercomStandIn
from sandbox.intercom.contact import Contact
from sandbox.intercom.events import Event
from sandbox.shop import SampleShop
from sandbox.shop.acts import Acts, Done
from sync.attributes import read_difference, settle_difference
from sync.conversations.attributes import make_conversation_attributes, read_conversation_difference
from sync.conversations.sweep import ConversationSweep, Looked
from sync.handlers import Stages
from sync.installation import Installation
from sync.mapping.reading import parse_sync_mapping
from sync.retries import RetryPolicy
from sync.sources.poll import Poll
from sync.storage.allowance import BATCH, DatabaseStore
from sync.storage.database import Database
from sync.storage.hints import Hint, ResourceType, record_hints
from sync.storage.installations import SINGLE, ensure_installation
from tests.fresh_shop import fresh_sample_shop
from tests.integration.sync.working import QUICK, eventually, idle, working

SOON = 60.0

MAPPING = """
[sync]
create_contacts = "with_orders"
guests = "create"

[contact]
fields = ["email", "name"]

[attributes]
ct_orders = { path = "lifetime.orders", type = "integer" }
ct_lifetime_value = { path = "lifetime.value", type = "float" }
ct_last_order_number = "order.number"
ct_last_order_status = "order.status"
ct_last_order_payment = "order.payment_status"
ct_last_order_shipment = "order.shipment_status"
ct_cart_items = { path = "cart.quantity", type = "integer" }

[events]
account_created = true
order_placed = true
order_confirmed = true
order_completed = true
order_cancelled = true
payment_authorised = true
payment_captured = true
payment_failed = true
refund_issued = true
parcel_shipped = true
delivery_shipped = true
order_shipped = true
order_delivered = true
return_requested = true
return_received = true
return_refunded = true

[tags]
"Open return" = "orders[].returns[?is_open][]"
"Payment failed" = "order.payment_status == 'failed'"
"""


@dataclass(frozen=True, kw_only=True)
class Companion:
    """`at` is the installation at work; `shop`, `acts` and `intercom` are the two platforms."""

    at: Installation
    source: ShopSource
    shop: CommercetoolsStandIn
    acts: Acts
    intercom: IntercomStandIn
    poll: Poll = field(repr=False)
    conversations: ConversationSweep = field(repr=False)

    @property
    def database(self) -> Database:
        assert isinstance(self.at.database, Database)
        return self.at.database

    def act(self, name: str, /, **arguments: Any) -> Done:
        return self.acts.do(name, **arguments)

    def hint(self, type_: ResourceType, id_: str, *, source: str = "test") -> None:
        with self.database.transaction() as connection:
            record_hints(connection, SINGLE, [Hint(source=source, type=type_, id=id_)])

    def hint_at(self, done: Done, *, customer: str | None = None) -> None:
        """Hints of everything that an act changed; of carts by their customer."""
        named = [(ResourceType(each.type_id), each.id) for each in done.changed if each.type_id in set(ResourceType)]
        hints = [
            Hint(source="test", type=type_, id=customer if type_ is ResourceType.CART and customer else id_)
            for type_, id_ in named
        ]
        with self.database.transaction() as connection:
            record_hints(connection, SINGLE, hints)

    def sweep(self) -> None:
        self.poll.sweep()

    def settled(self, *, within: float = SOON) -> bool:
        """Whether everything that was hinted at has been carried out."""
        return eventually(lambda: idle(self.database), within=within)

    def look(self) -> Looked:
        """One sweep of the conversations."""
        return self.conversations.sweep()

    def contact_of(self, external_id: str) -> Contact:
        contact = self.intercom.by_external_id(external_id)
        assert contact is not None, f"no contact with external id {external_id}"
        return contact

    def attributes_of(self, external_id: str) -> Mapping[str, Any]:
        return self.contact_of(external_id).custom_attributes

    def events_of(self, external_id: str) -> list[Event]:
        return list(self.intercom.events(self.contact_of(external_id).id))

    def event_names_of(self, external_id: str) -> list[str]:
        return [event.name for event in self.events_of(external_id)]


@contextmanager
def companion(
    database: Database,
    *,
    mapping: str = MAPPING,
    live_since: datetime | None = None,
    worker: bool = True,
    shop: SampleShop | None = None,
) -> Iterator[Companion]:
    """Both platforms healthy, the attributes declared, a worker running; the poll sweeps when it is told to."""
    with ExitStack() as stack:
        commercetools = stack.enter_context(CommercetoolsStandIn.serve(shop or fresh_sample_shop()))
        intercom = stack.enter_context(IntercomStandIn.serve())
        with database.transaction() as connection:
            row = ensure_installation(
                connection,
                SINGLE,
                workspace_id=None,
                project_key=commercetools.project_key,
                now=live_since or datetime.now(UTC),
            )
        rules = parse_sync_mapping(mapping, hash_key=row.hash_key)
        http = stack.enter_context(closing(Http(LIMITS)))
        source = ShopSource(shop_settings(commercetools), needs=rules.needs, http=http)
        settings = IntercomSettings(access_token=intercom.access_token, api_url=intercom.url)
        allowance = Allowance(DatabaseStore(database, SINGLE), batch=BATCH)
        calls = Intercom(Door(settings, http=http, allowance=allowance))
        at = Installation(id=SINGLE, database=database, mapping=rules, shop=source, intercom=calls)
        settle_difference(calls, read_difference(calls, rules, call=at.call), call=at.call)
        of_conversations = read_conversation_difference(calls, rules.conversations, call=at.call)
        make_conversation_attributes(calls, of_conversations, call=at.call)
        built = Companion(
            at=at,
            source=source,
            shop=commercetools,
            acts=Acts(commercetools.shop, clock=lambda: datetime.now(UTC)),
            intercom=intercom,
            poll=Poll(at, source),
            conversations=ConversationSweep(at),
        )
        if worker:
            stack.enter_context(working(database, Stages([at]), settings=QUICK, policy=RetryPolicy(first=0.1)))
        yield built


@contextmanager
def closing(http: Http) -> Iterator[Http]:
    try:
        yield http
    finally:
        http.close()


def shop_settings(shop: CommercetoolsStandIn) -> ShopSettings:
    return ShopSettings(
        project_key=shop.project_key,
        client_id=shop.client_id,
        client_secret=shop.client_secret,
        auth_url=shop.auth_url,
        api_url=shop.api_url,
    )
