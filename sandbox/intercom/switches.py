"""What can be made to go wrong, and how Intercom behaves where its behaviour is not confirmed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sandbox import wire
from sandbox.intercom.refusals import STATUSES
from sandbox.wire.faults import one_of
from sandbox.wire.switches import Board, faults_from, refuse_unknown

Door = Literal["me", "contacts", "search", "tags", "events", "data_attributes", "conversations", "any"]
"""`search` is contact search; `tags` has the tagging of contacts as well."""
Strictness = Literal["refuse", "truncate"]
MergedStatus = Literal[404, 410]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault(wire.Fault):
    """One way to answer badly. `door` says which requests get it.

    `handled`: the request is carried out before it goes wrong, so that only the answer is lost. A
    truncated or dripping answer is a true one: those requests are always carried out.
    """

    door: Door = "any"
    handled: bool = False

    def __post_init__(self) -> None:
        wire.Fault.__post_init__(self)
        one_of("door", self.door, Door)
        if self.kind == "status" and self.status not in STATUSES:
            raise ValueError(f"no such status to answer with: {self.status}")

    @property
    def is_after_handling(self) -> bool:
        return self.handled or self.kind in ("truncated", "drip")


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """The stand-in's behaviour. The first group are facts that nobody has confirmed on a live workspace."""

    duplicate_events_ignored: bool = True  # same contact, name and second: answered 202, not stored ("may", they say)
    email_only_conflicts: bool = False  # 409 when a user without external_id has the e-mail, or one is to be made
    email_case_sensitive: bool = False  # in search, and where an e-mail names a contact
    archived_found: bool = False  # archived contacts are read by id and external_id; False = 404
    merged_status: MergedStatus = 410  # reading a contact that was merged away: 410 with `Link`, or 404 as before 2.16
    long_string: Strictness = "refuse"  # a custom attribute over 255 characters: 400, or cut
    unlisted_option_refused: bool = True  # a list attribute given a value that is not in its list
    lead_null_refused: bool = False  # clearing a custom attribute of a lead by null
    attribute_type_status: Literal[400, 422] = 400  # a value of the wrong type
    limit_status: Literal[400, 422] = 400  # the 121st event name, the 251st attribute
    retry_after_with_429: bool = False
    search_lag_s: float = 0.0  # search sees contacts and conversations as they were that long ago
    find_lag_s: float = 0.0  # so long a new contact is not found by external_id
    event_lag_s: float = 0.0  # so long events of a new contact are answered 404

    rate_limit: int = 1_666  # requests per window
    rate_window_s: float = 10.0
    echoed_version: str = ""  # another `Intercom-Version` in answers than the one asked for
    token_revoked: bool = False  # 401 for everything
    token_suspended: bool = False  # 401 for everything: the workspace was closed
    email_verified: bool = True  # of the teammate behind the token
    max_contacts: int | None = None  # a development workspace archives its oldest beyond 20
    latency_ms: int = 0  # before every answer
    webhooks_lost: bool = False  # none is sent
    webhooks_doubled: bool = False  # each is sent twice
    webhooks_shuffled: bool = False  # every other one is overtaken by the next
    webhook_delay_s: float = 0.0
    webhook_retry_s: float = 60.0  # until the one more try
    faults: tuple[Fault, ...] = ()  # the first one that fits a request is applied

    def __post_init__(self) -> None:
        one_of("long_string", self.long_string, Strictness)
        if self.merged_status not in get_args(MergedStatus):
            raise ValueError("merged_status is 404 or 410")
        if self.rate_limit < 0 or self.rate_window_s <= 0:
            raise ValueError("rate_limit is a count, rate_window_s a time in seconds")

    def to_json(self) -> dict[str, Any]:
        """As `GET /_control` shows it and `POST /_control` takes it."""
        return dataclasses.asdict(self)

    def changed(self, change: Mapping[str, Any]) -> Switches:
        """With the JSON `change` applied; raises `ValueError` that names what is wrong with it."""
        refuse_unknown(change, Switches)
        values = dict(change)
        try:
            if "faults" in values:
                values["faults"] = faults_from(values["faults"], Fault)
            return dataclasses.replace(self, **values)
        except TypeError as error:
            raise ValueError(str(error)) from error


class SwitchBoard(Board[Switches]):
    """Holds the present `Switches`; any thread may read or set them."""

    def __init__(self, switches: Switches | None = None) -> None:
        super().__init__(switches or Switches(), healthy=switches or Switches())
