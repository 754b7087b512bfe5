"""Workspaces that installed the app: what joins each to a shop, and what its admins decided.

Secrets come here sealed and leave sealed. Everything that an installation's work needs beside them is in
`sync.storage.installations`, whose row is made together with the one here.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Literal, TypeAlias

from psycopg import Connection
from psycopg.rows import class_row

from clients.errors import Refused
from sync.storage.installations import begin_anew, ensure_installation
from sync.storage.statements import statement

DOOR_KEY_BYTES: Final = 32
OF_WORKSPACES: Final = "w:"  # what the ids of installations begin with that workspaces made
_WORKSPACE_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")  # what is in a lock's name must not look like the next part

Region: TypeAlias = Literal["us", "eu", "au"]


class State(StrEnum):
    """How far an installation has come."""

    INSTALLED = "installed"  # there is a token, and no shop yet
    CONNECTED = "connected"  # the credentials of its shop are proven
    UNINSTALLED = "uninstalled"  # every secret is forgotten


class NotInstalled(Refused):
    """There is no such installation any more."""

    reason_code = "not_installed"


class OtherShop(Refused):
    """What is kept of this installation came from another project, `held`, and is no use for this one."""

    reason_code = "other_shop"

    def __init__(self, held: str) -> None:
        super().__init__(f"the installation was filled from the project {held}")
        self.held = held


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledRow:
    """`token` and `shop` are sealed, `shop` as JSON of the six values that the Merchant Center's `.env` has.

    `mapping`: the text of a mapping.toml. `revision`: another one with each change that a process must notice.
    `installed_by`: the id of an admin in Intercom.
    """

    id: str
    workspace_id: str
    workspace_name: str
    region: Region
    time_zone: str
    state: State
    token: bytes | None = field(repr=False)
    shop: bytes | None = field(repr=False)
    project_key: str | None
    mapping: str = field(repr=False)
    revision: int
    installed_by: str
    installed_at: datetime
    changed_at: datetime
    uninstalled_at: datetime | None
    door_key_digest: bytes | None = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", State(self.state))


def installation_id(workspace_id: str) -> str:
    """Of a workspace that installed the app. Raises ValueError for what is no id of a workspace."""
    if not _WORKSPACE_ID.fullmatch(workspace_id):
        raise ValueError("not the id of a workspace")
    return f"{OF_WORKSPACES}{workspace_id}"


def install(
    connection: Connection,
    *,
    workspace_id: str,
    workspace_name: str,
    region: Region,
    time_zone: str,
    token: bytes,
    mapping: str,
    admin_id: str,
    now: datetime,
) -> InstalledRow:
    """The workspace's installation, made or taken up again. `mapping`: for a new one; who comes back keeps theirs."""
    id_ = installation_id(workspace_id)
    parameters = {
        "id": id_,
        "workspace_id": workspace_id,
        "workspace_name": workspace_name,
        "region": region,
        "time_zone": time_zone,
        "token": token,
        "mapping": mapping,
        "admin_id": admin_id,
        "now": now,
    }
    connection.execute(statement("installed", "install"), parameters)
    ensure_installation(connection, id_, workspace_id=workspace_id, project_key=None, now=now)
    row = installed(connection, id_)
    assert row is not None
    return row


def connect_shop(connection: Connection, id_: str, *, shop: bytes, project_key: str, now: datetime) -> None:
    """Credentials that were proven. What happened in the shop before the first time is remembered and never told.

    Raises `NotInstalled`, and `OtherShop` when this installation was filled from another project, which is to be
    forgotten first (`sync.storage.forgetting.start_over`).
    """
    state = _locked(connection, id_)
    kept = ensure_installation(connection, id_, workspace_id=None, project_key=project_key, now=now)
    if kept.project_key not in (None, project_key):
        raise OtherShop(str(kept.project_key))
    parameters = {"id": id_, "shop": shop, "project_key": project_key, "now": now}
    connection.execute(statement("installed", "connect_shop"), parameters)
    if state is State.INSTALLED:
        begin_anew(connection, id_, now=now)


def disconnect_shop(connection: Connection, id_: str, *, now: datetime) -> None:
    """The credentials are forgotten, and the work ends; what is kept stays. Raises `NotInstalled`."""
    _locked(connection, id_)
    connection.execute(statement("installed", "disconnect_shop"), {"id": id_, "now": now})
    connection.execute(statement("installed", "forget_positions"), {"id": id_, "now": now})


def save_mapping(connection: Connection, id_: str, text: str, *, now: datetime) -> None:
    """A mapping in which nothing is wrong. Raises `NotInstalled`."""
    _locked(connection, id_)
    connection.execute(statement("installed", "save_mapping"), {"id": id_, "mapping": text, "now": now})


def replace_token(connection: Connection, id_: str, *, token: bytes, now: datetime) -> None:
    """Raises `NotInstalled`."""
    _locked(connection, id_)
    connection.execute(statement("installed", "replace_token"), {"id": id_, "token": token, "now": now})


def uninstall(connection: Connection, workspace_id: str, *, now: datetime) -> bool:
    """Forgets every secret and ends the work; whether that is news. What is kept of customers stays until it is old.

    Jobs that wait end at once when their turn comes.
    """
    parameters = {"workspace_id": workspace_id, "now": now}
    row = connection.execute(statement("installed", "uninstall"), parameters).fetchone()
    if row is None:
        return False
    connection.execute(statement("installed", "forget_positions"), {"id": row[0], "now": now})
    return True


def installed(connection: Connection, id_: str) -> InstalledRow | None:
    return _row(connection, "by_id", {"id": id_})


def installed_by_workspace(connection: Connection, workspace_id: str) -> InstalledRow | None:
    return _row(connection, "by_workspace", {"workspace_id": workspace_id})


def all_installed(connection: Connection) -> tuple[InstalledRow, ...]:
    """In the order of their ids, uninstalled ones too."""
    with connection.cursor(row_factory=class_row(InstalledRow)) as cursor:
        return tuple(cursor.execute(statement("installed", "all")))


def revisions(connection: Connection) -> Mapping[str, int]:
    """Of all, uninstalled ones too, by id."""
    return {str(id_): int(revision) for id_, revision in connection.execute(statement("installed", "revisions"))}


def reseal_row(connection: Connection, before: InstalledRow, *, token: bytes | None, shop: bytes | None) -> bool:
    """The same secrets, sealed anew; false when they are others by now."""
    parameters = {
        "id": before.id,
        "token": token,
        "shop": shop,
        "token_before": before.token,
        "shop_before": before.shop,
    }
    return connection.execute(statement("installed", "reseal"), parameters).rowcount > 0


def give_door_key(
    connection: Connection,
    id_: str,
    *,
    now: datetime,
    random_text: Callable[[int], str] = secrets.token_urlsafe,
) -> str:
    """A new key for pushes of its shop, to be shown once: only its digest is kept. Raises `NotInstalled`.

    The key before stops working.
    """
    _locked(connection, id_)
    key = random_text(DOOR_KEY_BYTES)
    connection.execute(statement("installed", "give_door_key"), {"id": id_, "digest": _digest(key), "now": now})
    return key


def installation_of_door_key(connection: Connection, key: str) -> InstalledRow | None:
    """Whom a push with this key is for."""
    return _row(connection, "by_door_key", {"digest": _digest(key)})


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "replace")).digest()


def _locked(connection: Connection, id_: str) -> State:
    """Whoever changes it next has to wait. Raises `NotInstalled`."""
    row = connection.execute(statement("installed", "lock"), {"id": id_}).fetchone()
    if row is None or row[0] == State.UNINSTALLED:
        raise NotInstalled("the app is not installed in this workspace")
    return State(row[0])


def _row(connection: Connection, name: str, parameters: Mapping[str, Any]) -> InstalledRow | None:
    with connection.cursor(row_factory=class_row(InstalledRow)) as cursor:
        return cursor.execute(statement("installed", name), parameters).fetchone()
