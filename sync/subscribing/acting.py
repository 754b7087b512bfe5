"""Reads what is there on both sides, and makes what the plan says. Safe to repeat: what is there is left alone."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import uuid4

from clients.commercetools.subscription import Status, Subscription, updates
from clients.commercetools.subscriptions import CHANGED_MEANWHILE, KEY_TAKEN, Subscriptions, scope_of
from clients.deadline import Call, Deadline
from clients.errors import PlanRestricted, PlatformError, ScopeMissing
from sync.attributes import read_difference
from sync.configuration import mapping_error
from sync.conversations.attributes import ConversationDifference, read_conversation_difference
from sync.environment import ConfigurationError, Problem
from sync.home import Home
from sync.preflight import Preflight, workspace_problems
from sync.settings import CLIENT_ID
from sync.storage.subscriptions import KnownSubscription, known_subscriptions, remember_subscription
from sync.subscribing.destinations import FORMAT, KEY
from sync.subscribing.plan import FormatDiffers, SubscriptionPlan, WorkspacePlan, subscription_plan, workspace_plan
from sync.subscribing.wanted import Chosen, wanted

WRITE_SECONDS: Final = 30.0  # a test notification is delivered meanwhile


@dataclass(frozen=True, slots=True)
class Shop:
    """commercetools' side of it."""

    home: Home
    chosen: Chosen
    subscriptions: Subscriptions = field(repr=False)

    def plan(self) -> SubscriptionPlan:
        """Raises ConfigurationError for what cannot be done, or not be asked by this API client, else PlatformError."""
        try:
            present = self._present()
        except ScopeMissing as error:
            if self.chosen.destination is None:
                return SubscriptionPlan(warnings=(f"subscriptions were not looked at: {self._lacks}",))
            raise ConfigurationError([self._scope_problem]) from error
        chosen = self.chosen
        if present is not None and chosen.taken_from is not None:
            chosen = replace(chosen, destination=None)  # what stands in for an option moves nothing
        try:
            return subscription_plan(
                chosen, wanted(self.home.mapping.events), present, secrets_known=self._are_known(present)
            )
        except FormatDiffers as error:
            fix = f"Name {error.held}, delete the subscription in commercetools, or make another one with {KEY}"
            raise ConfigurationError([Problem(FORMAT, str(error), fix)]) from error

    def carry_out(self, plan: SubscriptionPlan) -> Subscription | None:
        """The subscription as it is then, None when there is none. Raises PlatformError."""
        draft, present = plan.draft, plan.present
        if draft is None:
            return None
        status = present.status if present else Status.HEALTHY
        try:
            if present is None:
                present = self.subscriptions.create(draft, call=self._call())
            elif plan.updates:
                present = self.subscriptions.update(present, plan.updates, call=self._call())
        except PlatformError as error:
            if error.code not in (CHANGED_MEANWHILE, KEY_TAKEN):
                raise
            present = self._once_more(plan)
        self._remember(present, status)
        return present

    def _once_more(self, plan: SubscriptionPlan) -> Subscription:
        """Somebody else changed or made it since it was read."""
        assert plan.draft is not None
        there = self.subscriptions.by_key(plan.draft.key, call=self._call())
        if there is None:
            return self.subscriptions.create(plan.draft, call=self._call())
        is_anew = any(each.action == "changeDestination" for each in plan.updates)
        found = updates(there, plan.draft, destination_anew=is_anew)
        return self.subscriptions.update(there, found, call=self._call()) if found else there

    def _present(self) -> Subscription | None:
        """The one of this key; else one without a key that leads to the same place, made by hand."""
        found = self.subscriptions.by_key(self.chosen.key, call=self._call())
        if found is not None or self.chosen.destination is None:
            return found
        return next((each for each in self.subscriptions.listed(call=self._call()) if self._is_same(each)), None)

    def _is_same(self, other: Subscription) -> bool:
        destination = self.chosen.destination
        is_free = other.key is None and (self.chosen.format is None or other.format == self.chosen.format)
        return is_free and destination is not None and destination.is_at(other.destination)

    def _are_known(self, present: Subscription | None) -> bool:
        if self._secrets is None or present is None:
            return True
        known = self._known()
        return known is not None and known.id == present.id and known.secrets == self._secrets

    def _known(self) -> KnownSubscription | None:
        with self.home.database.transaction() as connection:
            known = known_subscriptions(connection, self.home.row.id)
        return next((each for each in known if each.key == self.chosen.key), None)

    @property
    def _secrets(self) -> str | None:
        """A keyed hash of those that were named, for nobody can read them back to compare."""
        secrets = self.chosen.destination.secrets if self.chosen.destination else {}
        if not secrets:
            return None
        text = json.dumps(dict(secrets), sort_keys=True).encode()
        return hmac.new(self.home.row.hash_key, text, hashlib.sha256).hexdigest()

    def _remember(self, present: Subscription, status: str) -> None:
        known, home = self._known(), self.home
        is_named = self.chosen.destination is not None
        with home.database.transaction() as connection:
            remember_subscription(
                connection,
                home.row.id,
                key=self.chosen.key,
                id_=present.id,
                destination=present.destination.where,
                secrets=self._secrets if is_named or known is None else known.secrets,
                messages={name for types in present.messages.values() for name in types},
                health=status,
                now=home.now(),
            )

    @property
    def _lacks(self) -> str:
        return f"the API client lacks the scope {scope_of(self.home.settings.shop.project_key)}"

    @property
    def _scope_problem(self) -> Problem:
        fix = (
            "Run this once with an API client that has it (CTP_CLIENT_ID=... CTP_CLIENT_SECRET=... python -m sync"
            " subscribe ...): nothing else needs it"
        )
        return Problem(CLIENT_ID.name, self._lacks, fix)

    def _call(self) -> Call:
        return Call(Deadline.after(WRITE_SECONDS), uuid4().hex)


@dataclass(frozen=True, slots=True)
class Workspace:
    """Intercom's side of it."""

    home: Home

    def plan(self) -> WorkspacePlan:
        """Raises ConfigurationError for another workspace or attributes of another type, else PlatformError."""
        home, call = self.home, self.home.at.call
        found = home.intercom.me(call=call())
        if problems := workspace_problems(
            found, home.settings.intercom, wanted=home.settings.workspace_id, known=home.row.workspace_id
        ):
            raise ConfigurationError(problems)
        contacts = read_difference(home.intercom, home.mapping, call=call)
        conversations, warnings = self._conversations()
        if faults := (*contacts.faults, *conversations.faults):
            raise mapping_error(home.mapping_path, faults)
        names = [rule.name for rule in (*home.mapping.tags, *home.mapping.conversations.tags)]
        present = home.intercom.tags(call=call()) if names else ()
        return workspace_plan(
            missing={rule.name: str(rule.type) for rule in contacts.missing},
            archived=[attribute.name for attribute in contacts.archived],
            missing_of_conversations={rule.name: str(rule.type) for rule in conversations.missing},
            wanted_tags=names,
            present_tags=[tag.name for tag in present],
            warnings=warnings,
        )

    def carry_out(self, plan: WorkspacePlan) -> None:
        """Raises ConfigurationError, PlatformError."""
        if plan.makes_attributes:
            Preflight(self.home).run()
        for name in plan.tags:
            self.home.intercom.ensure_tag(name, call=self.home.at.call())

    def _conversations(self) -> tuple[ConversationDifference, tuple[str, ...]]:
        """Without leave for conversations, contacts are told all the same."""
        home = self.home
        try:
            return read_conversation_difference(home.intercom, home.mapping.conversations, call=home.at.call), ()
        except (ScopeMissing, PlanRestricted) as error:
            return ConversationDifference(), (f"attributes of conversations were not looked at: {error.reason}",)


def without_secrets(said: str, secrets: Mapping[str, str]) -> str:
    """What commercetools says of a destination may quote what opens it."""
    for secret in secrets.values():
        said = said.replace(secret, "***")
    return said
