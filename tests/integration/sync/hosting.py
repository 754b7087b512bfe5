"""Several workspaces that installed the app, each with a shop of its own, and one crew that works for all of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from sandbox.commercetools import CommercetoolsStandIn
from sandbox.intercom import IntercomStandIn
from sandbox.intercom.identity import Identity
from sandbox.intercom.platform import IntercomPlatform
from sandbox.shop import SampleShop
from sandbox.shop.acts import Acts
from sandbox.shop.identifiers import customer_id
from sync.credentials import seal_shop, seal_token
from sync.crew import Crew, CrewSettings
from sync.estate import Estate
from sync.looking import LookSettings
from sync.registers import ManyInDatabase
from sync.sealing import Seal
from sync.storage.database import Database
from sync.storage.dead_letters import list_dead_letters
from sync.storage.hints import Hint, ResourceType, record_hints
from sync.storage.installations import load_installation
from sync.storage.installed import connect_shop, install, installation_id, save_mapping
from tests.fresh_shop import small_sample_shop
from tests.integration.sync.working import QUICK, eventually, jobs

SOON = 60.0
KEYS: Final = ("n" * 40,)
MAPPING = """
[sync]
create_contacts = "with_orders"

[attributes]
ct_orders = { path = "lifetime.orders", type = "integer" }
ct_last_order_number = "order.number"

[events]
order_placed = true
"""
BROKEN: Final = "[attributes]\nct_orders = 17\n"


@dataclass(frozen=True, kw_only=True)
class Tenant:
    """A workspace and its shop; `token` is what the workspace gave the app."""

    workspace_id: str
    intercom: IntercomStandIn
    shop: CommercetoolsStandIn
    token: str = field(repr=False)
    database: Database = field(repr=False)

    @property
    def id(self) -> str:
        return installation_id(self.workspace_id)

    @property
    def secrets(self) -> Mapping[str, str]:
        shop = self.shop
        return {
            "CTP_PROJECT_KEY": shop.project_key,
            "CTP_CLIENT_ID": shop.client_id,
            "CTP_CLIENT_SECRET": shop.client_secret,
            "CTP_AUTH_URL": shop.auth_url,
            "CTP_API_URL": shop.api_url,
            "CTP_SCOPES": f"view_orders:{shop.project_key} view_customers:{shop.project_key}",
        }

    def installs(self, *, mapping: str = MAPPING, keys: tuple[str, ...] = KEYS) -> None:
        """And connects the shop."""
        now, seal = datetime.now(UTC), Seal(keys)
        with self.database.transaction() as connection:
            install(
                connection,
                workspace_id=self.workspace_id,
                workspace_name=self.workspace_id,
                region="eu",
                time_zone="Europe/Berlin",
                token=seal_token(seal, self.id, self.token),
                mapping=mapping,
                admin_id="814",
                now=now,
            )
            shop = seal_shop(seal, self.id, self.secrets)
            connect_shop(connection, self.id, shop=shop, project_key=self.shop.project_key, now=now)

    def decides(self, mapping: str) -> None:
        with self.database.transaction() as connection:
            save_mapping(connection, self.id, mapping, now=datetime.now(UTC))

    def registers(self, name: str) -> None:
        """Somebody with an id and an address that somebody in another shop may have as well."""
        Acts(self.shop.shop, clock=lambda: datetime.now(UTC)).do(
            "create_account", email=f"{name}@kunden.example", first_name="Ada", last_name="Moreno", name=name
        )

    def orders(self, name: str, number: str) -> None:
        acts = Acts(self.shop.shop, clock=lambda: datetime.now(UTC))
        acts.do("place", customer=customer_id(name), number=number, name=f"{self.workspace_id}/{number}")

    def hints_at(self, name: str) -> None:
        hint = Hint(source="test", type=ResourceType.CUSTOMER, id=customer_id(name))
        with self.database.transaction() as connection:
            record_hints(connection, self.id, [hint])

    def attributes_of(self, name: str) -> Mapping[str, Any]:
        """Of the contact, if the workspace has it."""
        contact = self.intercom.by_external_id(customer_id(name))
        held = {} if contact is None else contact.custom_attributes
        return {attribute: value for attribute, value in held.items() if value is not None}

    def events_of(self, name: str) -> list[str]:
        contact = self.intercom.by_external_id(customer_id(name))
        return [] if contact is None else [event.name for event in self.intercom.events(contact.id)]

    def is_told(self, name: str, number: str, *, within: float = SOON) -> bool:
        """Whether the contact has that order as its last, before long."""
        return eventually(lambda: self.attributes_of(name).get("ct_last_order_number") == number, within=within)

    def is_watched(self) -> bool:
        """Whether changes in the shop are found from now on, before long."""
        return eventually(lambda: {"poll/customer", "poll/order"} <= self._cursors(), within=SOON)

    def refused(self) -> set[str]:
        with self.database.transaction() as connection:
            row = load_installation(connection, self.id)
        return set(row.refused) if row else set()

    def letters(self) -> int:
        with self.database.transaction() as connection:
            return len(list_dead_letters(connection, self.id, limit=None))

    def jobs(self) -> list[str]:
        """The locks of those that wait, run or failed."""
        states = ("todo", "doing", "failed")
        return [lock for state in states for lock, _ in jobs(self.database, state) if lock.startswith(f"{self.id}/")]

    def _cursors(self) -> set[str]:
        with self.database.transaction() as connection:
            rows = connection.execute("SELECT name FROM cursor WHERE installation = %s", (self.id,))
            return {str(name) for (name,) in rows}


@contextmanager
def tenants(database: Database, *workspaces: str) -> Iterator[tuple[Tenant, ...]]:
    """Workspaces of one Intercom, each with a shop; none has the app yet."""
    identities = [Identity(id=each, name=each, region="EU", timezone="Europe/Berlin") for each in workspaces]
    with ExitStack() as stack:
        platform = stack.enter_context(IntercomPlatform.serve(identities))
        yield tuple(
            Tenant(
                workspace_id=each,
                intercom=platform.workspace(each),
                shop=stack.enter_context(CommercetoolsStandIn.serve(_shop(f"shop-of-{each}"))),
                token=_token(platform, each),
                database=database,
            )
            for each in workspaces
        )


@contextmanager
def estate_of(tenant: Tenant, *, keys: tuple[str, ...] = KEYS) -> Iterator[Estate]:
    """Everything that is installed in the database of that one."""
    database = tenant.database
    register = ManyInDatabase(seal=Seal(keys), api_url=tenant.intercom.url, database=database, now=_now)
    estate = Estate(register, database, now=_now)
    try:
        yield estate
    finally:
        estate.close()


@contextmanager
def crew_of(tenant: Tenant) -> Iterator[Crew]:
    """One process's, at work for everything that is installed."""
    looks = LookSettings(poll_seconds=0.2)
    with estate_of(tenant) as estate:
        crew = Crew(estate, settings=CrewSettings(worker=QUICK, looks=looks))
        thread = threading.Thread(target=crew.run)
        thread.start()
        try:
            yield crew
        finally:
            crew.stop()
            thread.join(60)
            assert not thread.is_alive(), "the crew does not stop"


def _shop(project: str) -> SampleShop:
    shop = small_sample_shop()
    shop.project = replace(shop.project, key=project)
    return shop


def _token(platform: IntercomPlatform, workspace_id: str) -> str:
    code = platform.grants.allow(workspace_id)
    _, token = platform.grants.exchange(code, known={workspace_id}, again="same")
    return token


def _now() -> datetime:
    return datetime.now(UTC)
