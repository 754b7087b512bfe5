"""The plan for one open conversation: what it should say of its order, and the difference to what it says by us.

The fingerprint of a conversation is what the order said when it was written last. What somebody else has written over
it is therefore left alone until the order says something new; so is what was there before anything of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sync.mapping.rules import ConversationRules, Edits
from sync.plan.desired import desired_attributes, difference, tags_that_hold
from sync.plan.document import Document
from sync.plan.result import Withheld
from sync.plan.subject import UNSURE, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationState:
    """What a conversation was told. `fingerprint`, `tags_added` and `tags_unsure` are as of a subject.

    `held`: the attributes of the mapping's names as they were when the conversation was looked at last.
    """

    fingerprint: Mapping[str, Value] = field(default_factory=dict)
    tags_added: frozenset[str] = frozenset()
    tags_unsure: frozenset[str] = frozenset()
    held: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationPlan:
    """`attributes` are to be sent (None clears); `respected` are not, and count as if they had been."""

    attributes: Mapping[str, Value] = field(default_factory=dict)
    respected: Mapping[str, Value] = field(default_factory=dict)
    tags_add: tuple[str, ...] = ()
    tags_remove: tuple[str, ...] = ()
    withheld: tuple[Withheld, ...] = ()

    @property
    def has_work(self) -> bool:
        return bool(self.attributes or self.tags_add or self.tags_remove)


def plan_conversation(
    said: Document, state: ConversationState, rules: ConversationRules, *, hash_key: bytes
) -> ConversationPlan:
    """`said` is the document of its customer, about its order."""
    desired, faulty = desired_attributes(rules.attributes, said, hash_key=hash_key)
    tags, untagged = tags_that_hold(rules.tags, said)
    changed = difference(state.fingerprint, desired)
    respected = {name: value for name, value in changed.items() if _is_somebody_elses(name, value, state, rules)}
    return ConversationPlan(
        attributes={name: value for name, value in changed.items() if name not in respected},
        respected=respected,
        tags_add=tuple(sorted(tags - state.tags_added)),
        tags_remove=tuple(sorted((state.tags_added | state.tags_unsure) - tags)),
        withheld=(*faulty, *untagged),
    )


def _is_somebody_elses(name: str, value: Value, state: ConversationState, rules: ConversationRules) -> bool:
    """Whether there was something else before we ever wrote it."""
    if rules.edits is Edits.OVERWRITE or name in state.fingerprint:
        return False
    held = state.held.get(name)
    return held is not None and not is_same_value(held, value)


def doubts(fingerprint: Mapping[str, Value], held: Mapping[str, Value], rules: ConversationRules) -> dict[str, Value]:
    """What has to be written again, because somebody wrote over it and the mapping says that we win."""
    if rules.edits is not Edits.OVERWRITE:
        return {}
    names = [rule.name for rule in rules.attributes if rule.name in fingerprint]
    differing = [name for name in names if not is_same_value(held.get(name), fingerprint[name])]
    return dict.fromkeys((name for name in differing if fingerprint[name] != UNSURE), UNSURE)


def is_same_value(held: Value, sent: Value) -> bool:
    """Intercom may give a number back as a text."""
    if held is None or sent is None:
        return held in (None, "") and sent in (None, "")
    return held == sent or str(held) == str(sent)
