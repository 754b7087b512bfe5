"""What is believed against what is there. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from clients.commercetools.source_questions import Change
from clients.intercom.resources import Contact
from sync.plan.contact import OURS
from sync.plan.subject import UNSURE, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a contact holds in truth: attributes by us, and the tags that are there of those we put there."""

    fingerprint: Mapping[str, Value] = field(repr=False)
    tags_added: frozenset[str]
    names: tuple[str, ...]  # of the attributes and tags that were not as believed


def newer(listed: Iterable[Change], known: Mapping[str, int]) -> tuple[Change, ...]:
    """Those that we do not have, or have in an older version."""
    return tuple(change for change in listed if known.get(change.id, -1) < change.version)


def correction(
    contact: Contact,
    *,
    fingerprint: Mapping[str, Value],
    tags_added: Collection[str],
    owned: Iterable[str],
    tag_names: Mapping[str, str],
) -> Correction | None:
    """What to believe instead, None when it is as believed.

    `owned`: the attributes that are the mapping's; those in the fingerprint are ours as well. `tag_names`: by their
    ids. Intercom's own fields of the contact are left as they are believed: it writes them in its own way (e-mail
    addresses, telephone numbers), and people may. What was sent and not confirmed is found out by whoever sent it.
    """
    held = dict(fingerprint)
    names: list[str] = []
    for name in sorted({*owned, *(name for name in fingerprint if not name.startswith(OURS))}):
        believed, value = fingerprint.get(name), contact.custom_attributes.get(name)
        if believed == UNSURE or _is_same(believed, value):
            continue
        names.append(name)
        if value is None:
            held.pop(name, None)
        else:
            held[name] = value
    missing = _missing_tags(contact, tags_added, tag_names)
    if not names and not missing:
        return None
    return Correction(fingerprint=held, tags_added=frozenset(tags_added) - missing, names=(*names, *sorted(missing)))


def _missing_tags(contact: Contact, tags_added: Collection[str], tag_names: Mapping[str, str]) -> frozenset[str]:
    """None that we know of when Intercom shows only some of the contact's tags."""
    if not contact.tags_complete:
        return frozenset()
    there = {tag_names[id_] for id_ in contact.tag_ids if id_ in tag_names}
    return frozenset(tags_added) - there


def _is_same(believed: Value, value: Value) -> bool:
    """To Python, true is 1; to Intercom it is not. An empty text is nothing."""
    if believed in (None, "") and value in (None, ""):
        return True
    return believed == value and isinstance(believed, bool) == isinstance(value, bool)
