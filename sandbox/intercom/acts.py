"""What teammates and customers do in the workspace themselves, so that nobody but a notification tells of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from sandbox.intercom.refusals import Refusal

if TYPE_CHECKING:
    from sandbox.intercom.stand_in import IntercomStandIn


def act(stand_in: IntercomStandIn, given: Mapping[str, Any]) -> None:
    """`{"act": "archive", "contact": "<id>"}`. Raises `ValueError` with what is wrong with it."""
    does = ACTS.get(str(given.get("act")))
    if does is None:
        raise ValueError(f"act is one of {', '.join(ACTS)}")
    try:
        with stand_in.lock:
            does(stand_in, given)
    except KeyError as error:
        raise ValueError(f"{given['act']} needs {error}") from error
    except Refusal as refusal:
        raise ValueError(refusal.message or refusal.code) from refusal


def merge(stand_in: IntercomStandIn, given: Mapping[str, Any]) -> None:
    stand_in.merge_away(given["contact"], given["into"])


def archive(stand_in: IntercomStandIn, given: Mapping[str, Any]) -> None:
    stand_in.workspace.people.set_archived(given["contact"], archived=True)


def unarchive(stand_in: IntercomStandIn, given: Mapping[str, Any]) -> None:
    stand_in.workspace.people.set_archived(given["contact"], archived=False)


def delete(stand_in: IntercomStandIn, given: Mapping[str, Any]) -> None:
    gone = stand_in.workspace.people.delete(given["contact"])
    stand_in.workspace.events.forget(gone.id)


def create(stand_in: IntercomStandIn, given: Mapping[str, Any]) -> None:
    """A visitor leaves an address, or signs in to the shop."""
    stand_in.workspace.people.create({name: value for name, value in given.items() if name != "act"})


def change_email(stand_in: IntercomStandIn, given: Mapping[str, Any]) -> None:
    stand_in.workspace.people.update(given["contact"], {"email": given["email"]})


def sign_up(stand_in: IntercomStandIn, given: Mapping[str, Any]) -> None:
    """A lead becomes a user."""
    known = {name: given[name] for name in ("external_id", "email") if name in given}
    stand_in.workspace.people.update(given["contact"], {"role": "user", **known})


def close(stand_in: IntercomStandIn, given: Mapping[str, Any]) -> None:
    stand_in.workspace.conversations.close(given["conversation"], now=stand_in.workspace.now)


def delete_conversation(stand_in: IntercomStandIn, given: Mapping[str, Any]) -> None:
    stand_in.workspace.conversations.delete(given["conversation"])


ACTS: Final[Mapping[str, Callable[[IntercomStandIn, Mapping[str, Any]], None]]] = {
    "merge": merge,
    "archive": archive,
    "unarchive": unarchive,
    "delete": delete,
    "create": create,
    "change_email": change_email,
    "sign_up": sign_up,
    "close": close,
    "delete_conversation": delete_conversation,
}
