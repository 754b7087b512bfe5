"""Where the values of a plan come from, for whoever asks later: the mapping may have changed by then. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sync.mapping.rules import AttributeRule, TagRule


def paths_of(rules: Iterable[AttributeRule], names: Collection[str]) -> dict[str, dict[str, str]]:
    """The rule behind each of these attributes: path, mask and condition. One that is cleared may have none left."""
    return {rule.name: _said(rule) for rule in rules if rule.name in names}


def conditions_of(rules: Iterable[TagRule], names: Collection[str]) -> dict[str, dict[str, str]]:
    """The condition behind each of these tags."""
    return {rule.name: {"path": rule.condition.text} for rule in rules if rule.name in names}


def _said(rule: AttributeRule) -> dict[str, str]:
    said = {
        "path": rule.expression.text,
        "mask": rule.mask.value if rule.mask else None,
        "when": rule.condition.text if rule.condition else None,
    }
    return {name: text for name, text in said.items() if text is not None}
