"""What `subscribe` would do: the difference between what should be there, on both sides, and what is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from clients.commercetools.subscription import Draft, Format, Status, Subscription, Types, Update, updates
from sync.subscribing.wanted import Chosen, Wanted

OF_CONTACT: Final = "contact attribute"
OF_CONVERSATION: Final = "conversation attribute"
ALL_MESSAGES: Final = "all of {}"


class FormatDiffers(Exception):
    """Nobody can change how a subscription writes; `held` is the format that it has."""

    def __init__(self, key: str, held: str) -> None:
        super().__init__(f"subscription {key} speaks {held}, which cannot be changed")
        self.held = held


class Deed(StrEnum):
    """What becomes of it."""

    CREATE = "create"
    RESTORE = "bring back"
    CHANGE = "change"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that is made or changed; `why`, or how. Without secrets."""

    deed: Deed
    what: str
    name: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionPlan:
    """`draft` is None when nobody named a destination; `present` when there is none yet."""

    draft: Draft | None = None
    present: Subscription | None = None
    updates: tuple[Update, ...] = ()
    steps: tuple[Step, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspacePlan:
    """`tags`: names of those that the workspace lacks. With `makes_attributes` there are some to make or bring back."""

    tags: tuple[str, ...] = ()
    makes_attributes: bool = False
    steps: tuple[Step, ...] = ()
    warnings: tuple[str, ...] = ()


def workspace_plan(
    *,
    missing: Mapping[str, str],
    archived: Iterable[str],
    missing_of_conversations: Mapping[str, str],
    wanted_tags: Iterable[str],
    present_tags: Iterable[str],
    warnings: tuple[str, ...] = (),
) -> WorkspacePlan:
    """Attributes with their types. Tags are the same whichever way they are written, large or small."""
    there = {name.casefold() for name in present_tags}
    tags = tuple(dict.fromkeys(name for name in wanted_tags if name.casefold() not in there))
    attributes = (
        *(Step(deed=Deed.CREATE, what=OF_CONTACT, name=name, why=type_) for name, type_ in missing.items()),
        *(Step(deed=Deed.RESTORE, what=OF_CONTACT, name=name, why="is archived") for name in archived),
        *(
            Step(deed=Deed.CREATE, what=OF_CONVERSATION, name=name, why=type_)
            for name, type_ in missing_of_conversations.items()
        ),
    )
    return WorkspacePlan(
        tags=tags,
        makes_attributes=bool(attributes),
        steps=(*attributes, *(Step(deed=Deed.CREATE, what="tag", name=name) for name in tags)),
        warnings=warnings,
    )


def subscription_plan(
    chosen: Chosen, wanted: Wanted, present: Subscription | None, *, secrets_known: bool = True
) -> SubscriptionPlan:
    """`secrets_known`: those that were named are those that it was given last. Raises `FormatDiffers`."""
    destination = chosen.destination or (present.destination if present else None)
    if destination is None:
        return SubscriptionPlan()
    if present is not None and chosen.format is not None and present.format != chosen.format:
        raise FormatDiffers(present.key or present.id, present.format)
    draft = Draft(
        key=chosen.key,
        destination=destination,
        changes=frozenset(wanted.changes),
        messages=wanted.types,
        format=chosen.format or Format.PLATFORM,
    )
    if present is None:
        return SubscriptionPlan(draft=draft, steps=(_made(draft), *_parts(wanted)))
    is_anew = chosen.destination is not None and (present.status == Status.STOPPED or not secrets_known)
    found = updates(present, draft, destination_anew=is_anew)
    return SubscriptionPlan(
        draft=draft,
        present=present,
        updates=found,
        steps=tuple(_changes(present, draft, wanted, {each.action for each in found})),
        warnings=tuple(_state(present, is_mended=is_anew)),
    )


def _made(draft: Draft) -> Step:
    return Step(
        deed=Deed.CREATE, what="subscription", name=draft.key, why=f"to {draft.destination.where}, as {draft.format}"
    )


def _parts(wanted: Wanted) -> Iterator[Step]:
    for name, why in wanted.changes.items():
        yield Step(deed=Deed.CREATE, what="changes", name=name, why=why)
    for name, why in wanted.messages.items():
        yield Step(deed=Deed.CREATE, what="message", name=name, why=why)


def _changes(present: Subscription, draft: Draft, wanted: Wanted, actions: set[str]) -> Iterator[Step]:
    if "setKey" in actions:
        why = "takes over the subscription without a key that leads to the same place"
        yield Step(deed=Deed.CHANGE, what="subscription", name=draft.key, why=why)
    if "changeDestination" in actions:
        yield Step(deed=Deed.CHANGE, what="subscription", name=draft.key, why=_moved(present, draft))
    yield from _added_and_gone("changes", present.changes, draft.changes, wanted.changes)
    yield from _added_and_gone("message", _named(present.messages), _named(draft.messages), wanted.messages)


def _moved(present: Subscription, draft: Draft) -> str:
    before, after = present.destination.where, draft.destination.where
    if before != after:
        return f"from {before} to {after}"
    if present.status == Status.STOPPED:
        return f"to {after} once more: delivery had stopped"
    return f"to {after} with other credentials"


def _added_and_gone(
    what: str, before: frozenset[str], after: frozenset[str], reasons: Mapping[str, str]
) -> Iterator[Step]:
    for name in sorted(after - before):
        yield Step(deed=Deed.CREATE, what=what, name=name, why=reasons.get(name, ""))
    for name in sorted(before - after):
        yield Step(deed=Deed.REMOVE, what=what, name=name, why="nothing here needs it")


def _named(messages: Types) -> frozenset[str]:
    return frozenset(
        name for type_, types in messages.items() for name in (types or frozenset({ALL_MESSAGES.format(type_)}))
    )


def _state(present: Subscription, *, is_mended: bool) -> Iterator[str]:
    key = present.key or present.id
    match present.status:
        case Status.HEALTHY:
            return
        case Status.STOPPED if is_mended:
            return
        case Status.STOPPED:
            yield f"{key}: commercetools delivers nothing any more and keeps nothing: name its destination again"
        case Status.SUSPENDED:
            yield f"{key}: suspended by commercetools, and only their support can lift that"
        case Status.CONFIGURATION_ERROR:
            yield f"{key}: commercetools may not write to {present.destination.where}: see its policy, docs/doors.md"
        case status:
            yield f"{key}: commercetools says {status} of {present.destination.where}"
