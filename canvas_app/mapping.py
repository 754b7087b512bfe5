"""What the merchant decides in `mapping.toml`: what agents see, in which language, and how customers are found.

Closed by default: without the file, and for every field that it does not name, nothing personal is shown or
even asked for. Reference: docs/mapping.md.
"""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from canvas_app.tracking_links import KNOWN_CARRIERS, PLACEHOLDER, carrier_name, link_problem, tracking_url
from clients.intercom.order_number_patterns import compiled
from clients.intercom.order_numbers import DEFAULT_PATTERNS
from commerce.masks import Mask, mask
from commerce.personal_fields import CUSTOM_FIELD_PREFIXES, PERSONAL_FIELDS, is_personal_field
from sync.mapping.conversations import conversation_rules
from sync.mapping.faults import Fault, Lines, MappingError, Spot, did_you_mean
from sync.mapping.identity import CUSTOMER_FIELDS, CustomerField, IdentityOptions, identity_options
from sync.mapping.rules import ConversationRules
from sync.mapping.toml_values import TABLES, Parser, flag, one_of, options, parsed, quoted, store_keys, texts
from sync.mapping_file import mapping_text

__all__ = [
    "CUSTOMER_FIELDS",
    "CustomerField",
    "Fault",
    "IdentityOptions",
    "Mapping",
    "MappingError",
    "PanelOptions",
    "load_mapping",
    "parse_mapping",
]

LANGUAGES: Final = ("en", "de")
MASKS: Final = (Mask.LAST4, Mask.DOMAIN, Mask.INITIALS)
MOST_CACHE_SECONDS: Final = 300
MOST_PATTERNS: Final = 10
UNMASKABLE: Final = frozenset({"customer.addresses", "order.shipping_address", "order.billing_address"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelOptions:
    """The table `[panel]`. `merchant_center`: None = the usual address of the region, "" = no link."""

    fields: frozenset[str] = frozenset()
    masks: Table[str, Mask] = field(default_factory=lambda: MappingProxyType({}))
    language: str = "en"
    time_zone: zoneinfo.ZoneInfo = field(default_factory=lambda: zoneinfo.ZoneInfo("UTC"))
    order_number_patterns: tuple[re.Pattern[str], ...] = DEFAULT_PATTERNS
    order_number_attributes: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()  # store keys; empty = all
    tracking_links: Table[str, str] = field(default_factory=lambda: KNOWN_CARRIERS, repr=False)
    merchant_center: str | None = None
    addresses_on_email_match: bool = False
    cache_seconds: int = 10
    show_cart: bool = True
    show_lifetime: bool = True

    def allows(self, name: str) -> bool:
        """Whether agents may see the personal field `name`."""
        return name in self.fields

    def shown(self, name: str, value: str) -> str:
        """A personal field's `value` as agents may see it: masked, whole, or (not allowed) empty."""
        if not self.allows(name):
            return ""
        return mask(self.masks[name], value) if name in self.masks else value

    def tracking_url(self, carrier: str | None, tracking_id: str | None) -> str | None:
        """The carrier's page for a parcel, None when there is no link for that carrier."""
        return tracking_url(self.tracking_links, carrier, tracking_id)

    def for_project(self, *, api_url: str, project_key: str) -> PanelOptions:
        """The same options with the Merchant Center of this project."""
        template = _merchant_center_of(api_url) if self.merchant_center is None else self.merchant_center
        return replace(self, merchant_center=template.replace("{project_key}", quote(project_key, safe="")))

    def merchant_center_url(self, order_id: str) -> str | None:
        """The order's page in the Merchant Center, None when there is no link. Needs `for_project` first."""
        if not self.merchant_center or "{project_key}" in self.merchant_center:
            return None
        return self.merchant_center.replace("{order_id}", quote(order_id, safe=""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """The file as far as the panel needs it. Without arguments: closed."""

    panel: PanelOptions = field(default_factory=PanelOptions)
    identity: IdentityOptions = field(default_factory=IdentityOptions)
    conversations: ConversationRules = field(default_factory=ConversationRules)


def load_mapping(path: Path) -> Mapping:
    """The mapping in the file at `path`; the closed one when there is no such file. Raises MappingError."""
    return parse_mapping(mapping_text(path))


def parse_mapping(text: str) -> Mapping:
    """The mapping in `text`. Raises MappingError with every fault at once (only one, if it is no TOML)."""
    document = parsed(text)
    faults: list[Fault] = []
    top = Spot((), Lines(text), faults)
    _check_tables(document, top)
    chosen = options(document.get("panel", {}), _PANEL, top.below("panel"))
    if "merchant_center_url" in chosen:
        chosen["merchant_center"] = chosen.pop("merchant_center_url")
    panel = PanelOptions(**chosen)
    identity = identity_options(document.get("identity", {}), top.below("identity"))
    _check_masks(panel, top.below("panel", "masks"))
    if faults:
        raise MappingError(faults)
    return Mapping(panel=panel, identity=identity, conversations=_conversations(document))


def _conversations(document: Table[str, object]) -> ConversationRules:
    """The sync's own table: what is wrong with it, the sync says; until then no conversation is looked at here."""
    faults: list[Fault] = []
    top = Spot((), Lines(""), faults)
    rules = conversation_rules(document.get("conversations", {}), document.get("panel"), top)
    return ConversationRules() if faults else rules


def _check_tables(document: Table[str, object], top: Spot) -> None:
    for name, value in document.items():
        if name in ("panel", "identity") and not isinstance(value, dict):
            top.below(name).fault("is a value, not a table", f"Write [{name}] on a line of its own")
        elif name in _PANEL and not isinstance(value, dict):
            top.below(name).fault("stands outside of every table", "Put it below [panel]")
        elif name not in TABLES:
            top.below(name).fault("is not a table of the mapping", did_you_mean(name, TABLES, "Remove it"))


def _fields(value: object, spot: Spot) -> frozenset[str]:
    names = texts(value, spot)
    for name in names:
        if not is_personal_field(name):
            prefixes = " and ".join(f"{prefix}<name>" for prefix in CUSTOM_FIELD_PREFIXES)
            fix = did_you_mean(name, PERSONAL_FIELDS, f"docs/mapping.md lists the fields; custom ones are {prefixes}")
            spot.fault(f'"{name}" is not a personal field', fix, value=name)
    return frozenset(names)


def _masks(value: object, spot: Spot) -> Table[str, Mask]:
    masks = {}
    for name, kind in _flat(value, spot):
        if kind in MASKS:
            masks[name] = Mask(str(kind))
        else:
            spot.below(name).fault(f"{quoted(kind)} is not a mask", f"Use one of {', '.join(MASKS)}", value=str(kind))
    return MappingProxyType(masks)


def _check_masks(panel: PanelOptions, spot: Spot) -> None:
    for name in panel.masks:
        if name in UNMASKABLE:
            spot.below(name).fault("is more than one text and cannot be masked", "Allow it whole, or not at all")
        elif name not in panel.fields:
            fix = did_you_mean(name, panel.fields, "Name it in [panel] fields as well, or remove the mask")
            spot.below(name).fault("is masked but not among the fields that are allowed", fix)


def _language(value: object, spot: Spot) -> str:
    return one_of(LANGUAGES, value, spot) or "en"


def _time_zone(value: object, spot: Spot) -> zoneinfo.ZoneInfo:
    try:
        if isinstance(value, str) and value:
            return zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        pass
    fix = did_you_mean(str(value), zoneinfo.available_timezones(), 'Use a name such as "Europe/Berlin"')
    spot.fault(f"{quoted(value)} is not a time zone", fix)
    return zoneinfo.ZoneInfo("UTC")


def _patterns(value: object, spot: Spot) -> tuple[re.Pattern[str], ...]:
    patterns = []
    for text in texts(value, spot):
        try:
            patterns.append(compiled(text))
        except ValueError as error:
            fix = r"Say how many: '\bSO-\d{4,8}\b' instead of '\bSO-\d+\b'; in TOML, patterns stand in single quotes"
            spot.fault(f"{quoted(text)} {error}", fix, value=text)
    if isinstance(value, list) and not 0 < len(value) <= MOST_PATTERNS:
        spot.fault(f"needs 1 to {MOST_PATTERNS} patterns", "Leave the key out to keep the known patterns")
    return tuple(patterns)


def _tracking_links(value: object, spot: Spot) -> Table[str, str]:
    """The known carriers with the merchant's own links; an empty link takes one away."""
    links = dict(KNOWN_CARRIERS)
    for name, template in _flat(value, spot):
        wrong = link_problem(template, needs=PLACEHOLDER) if isinstance(template, str) and template else None
        if wrong or not isinstance(template, str) or not carrier_name(name):
            fix = f'Use "https://carrier.example/{PLACEHOLDER}", or "" for no link'
            spot.below(name).fault(f"{quoted(template)} {wrong or 'is not a link'}", fix)
        else:
            links[carrier_name(name)] = template
    return MappingProxyType({name: template for name, template in links.items() if template})


def _merchant_center(value: object, spot: Spot) -> str | None:
    if value == "":
        return ""
    base = value.rstrip("/") if isinstance(value, str) else ""
    template = base if "{order_id}" in base else base + "/{project_key}/orders/{order_id}"
    if wrong := link_problem(template, needs="{order_id}", may_hold=("{project_key}",)):
        fix = 'Use "https://mc.europe-west1.gcp.commercetools.com" with your region, or "" for no link'
        spot.fault(f"{quoted(value)} {wrong}", fix)
        return None
    return template


def _cache_seconds(value: object, spot: Spot) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_CACHE_SECONDS:
        return value
    spot.fault(f"{quoted(value)} is not 0 to {MOST_CACHE_SECONDS} whole seconds", "Leave it out for 10")
    return 10


def _flat(value: object, spot: Spot) -> list[tuple[str, object]]:
    """The entries of a table; `customer.email = …` without quotation marks is the same as with them."""
    if not isinstance(value, dict):
        spot.fault(
            "is not a table", f"Write [{'.'.join(spot.path)}] on a line of its own, and one entry a line below it"
        )
        return []
    entries: list[tuple[str, object]] = []
    for name, inner in value.items():
        deeper = _flat(inner, spot.below(name)) if isinstance(inner, dict) else None
        entries += [(name, inner)] if deeper is None else [(f"{name}.{rest}", last) for rest, last in deeper]
    return entries


def _merchant_center_of(api_url: str) -> str:
    """The Merchant Center of the API's region, "" for an unknown host: https://docs.commercetools.com/merchant-center"""
    region = re.fullmatch(r"https://api\.([a-z0-9-]+\.(?:gcp|aws))\.commercetools\.com/?", api_url)
    return f"https://mc.{region.group(1)}.commercetools.com/{{project_key}}/orders/{{order_id}}" if region else ""


_PANEL: Final[Table[str, Parser]] = {
    "fields": _fields,
    "masks": _masks,
    "language": _language,
    "time_zone": _time_zone,
    "order_number_patterns": _patterns,
    "order_number_attributes": texts,
    "stores": store_keys,
    "tracking_links": _tracking_links,
    "merchant_center_url": _merchant_center,
    "addresses_on_email_match": flag,
    "cache_seconds": _cache_seconds,
    "show_cart": flag,
    "show_lifetime": flag,
}
