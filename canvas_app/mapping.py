"""What the merchant decides in `mapping.toml`: what agents see, in which language, and how customers are found.

Closed by default: without the file, and for every field that it does not name, nothing personal is shown or
even asked for. Reference: docs/mapping.md.
"""

from __future__ import annotations

import re
import tomllib
import zoneinfo
from collections.abc import Callable
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import quote

from canvas_app.canvas.order_numbers import DEFAULT_PATTERNS
from canvas_app.mapping_faults import Fault, Lines, MappingError, Spot, did_you_mean
from canvas_app.order_number_patterns import compiled
from canvas_app.tracking_links import KNOWN_CARRIERS, PLACEHOLDER, carrier_name, link_problem, tracking_url
from commerce.masks import Mask, mask
from commerce.personal_fields import CUSTOM_FIELD_PREFIXES, PERSONAL_FIELDS, is_personal_field

__all__ = ["Fault", "IdentityOptions", "Mapping", "MappingError", "PanelOptions", "load_mapping", "parse_mapping"]

LANGUAGES: Final = ("en", "de")
MASKS: Final = (Mask.LAST4, Mask.DOMAIN, Mask.INITIALS)
CUSTOMER_FIELDS: Final = ("id", "key", "customerNumber", "externalId")
MOST_CACHE_SECONDS: Final = 300
MOST_PATTERNS: Final = 10
UNMASKABLE: Final = frozenset({"customer.addresses", "order.shipping_address", "order.billing_address"})
TABLES_OF_THE_SYNC: Final = ("attributes", "events", "conversations", "tags", "stores")

CustomerField: TypeAlias = Literal["id", "key", "customerNumber", "externalId"]


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
class IdentityOptions:
    """The table `[identity]`: which field of the customer is the contact's `external_id`."""

    external_id: CustomerField = "id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """The file as far as the panel needs it. Without arguments: closed."""

    panel: PanelOptions = field(default_factory=PanelOptions)
    identity: IdentityOptions = field(default_factory=IdentityOptions)


def load_mapping(path: Path) -> Mapping:
    """The mapping in the file at `path`; the closed one when there is no such file. Raises MappingError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Mapping()
    except (OSError, UnicodeDecodeError) as error:
        message = f"cannot be read ({type(error).__name__})"
        raise MappingError([Fault(1, path.name, message, "Give the path of a readable file in UTF-8")]) from error
    return parse_mapping(text)


def parse_mapping(text: str) -> Mapping:
    """The mapping in `text`. Raises MappingError with every fault at once (only one, if it is no TOML)."""
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise MappingError([_syntax_fault(text, error)]) from error
    faults: list[Fault] = []
    top = Spot((), Lines(text), faults)
    _check_tables(document, top)
    panel = PanelOptions(**_values(document.get("panel", {}), _PANEL, top.below("panel")))
    identity = IdentityOptions(**_values(document.get("identity", {}), _IDENTITY, top.below("identity")))
    _check_masks(panel, top.below("panel", "masks"))
    if faults:
        raise MappingError(faults)
    return Mapping(panel=panel, identity=identity)


def _syntax_fault(text: str, error: Exception) -> Fault:
    at = re.search(r"\(at line (\d+), column \d+\)", str(error))
    line = int(at.group(1)) if at else max(len(text.splitlines()), 1)
    reason = str(error).partition(" (at ")[0]
    return Fault(line, "mapping", f"is not TOML ({reason})", "See https://toml.io for how it is written")


def _check_tables(document: Table[str, object], top: Spot) -> None:
    known = ("panel", "identity", *TABLES_OF_THE_SYNC)
    for name, value in document.items():
        if name in ("panel", "identity") and not isinstance(value, dict):
            top.below(name).fault("is a value, not a table", f"Write [{name}] on a line of its own")
        elif name in _PANEL and not isinstance(value, dict):
            top.below(name).fault("stands outside of every table", "Put it below [panel]")
        elif name not in known:
            top.below(name).fault("is not a table of the mapping", did_you_mean(name, known, "Remove it"))


def _values(table: object, parsers: Table[str, Parser], spot: Spot) -> dict[str, Any]:
    """The options that a table sets, by their names; keys that nobody knows are faults."""
    if not isinstance(table, dict):
        return {}
    for name in table.keys() - parsers.keys():
        spot.below(name).fault("is not an option", did_you_mean(name, parsers, f"Known are {', '.join(parsers)}"))
    names = {"merchant_center_url": "merchant_center"}
    return {
        names.get(name, name): parse(table[name], spot.below(name)) for name, parse in parsers.items() if name in table
    }


def _fields(value: object, spot: Spot) -> frozenset[str]:
    names = _texts(value, spot)
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
            spot.below(name).fault(f"{_quoted(kind)} is not a mask", f"Use one of {', '.join(MASKS)}", value=str(kind))
    return MappingProxyType(masks)


def _check_masks(panel: PanelOptions, spot: Spot) -> None:
    for name in panel.masks:
        if name in UNMASKABLE:
            spot.below(name).fault("is more than one text and cannot be masked", "Allow it whole, or not at all")
        elif name not in panel.fields:
            fix = did_you_mean(name, panel.fields, "Name it in [panel] fields as well, or remove the mask")
            spot.below(name).fault("is masked but not among the fields that are allowed", fix)


def _language(value: object, spot: Spot) -> str:
    return _one_of(LANGUAGES, value, spot) or "en"


def _time_zone(value: object, spot: Spot) -> zoneinfo.ZoneInfo:
    try:
        if isinstance(value, str) and value:
            return zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        pass
    fix = did_you_mean(str(value), zoneinfo.available_timezones(), 'Use a name such as "Europe/Berlin"')
    spot.fault(f"{_quoted(value)} is not a time zone", fix)
    return zoneinfo.ZoneInfo("UTC")


def _patterns(value: object, spot: Spot) -> tuple[re.Pattern[str], ...]:
    patterns = []
    for text in _texts(value, spot):
        try:
            patterns.append(compiled(text))
        except ValueError as error:
            fix = r"Say how many: '\bSO-\d{4,8}\b' instead of '\bSO-\d+\b'; in TOML, patterns stand in single quotes"
            spot.fault(f"{_quoted(text)} {error}", fix, value=text)
    if isinstance(value, list) and not 0 < len(value) <= MOST_PATTERNS:
        spot.fault(f"needs 1 to {MOST_PATTERNS} patterns", "Leave the key out to keep the known patterns")
    return tuple(patterns)


def _stores(value: object, spot: Spot) -> tuple[str, ...]:
    keys = _texts(value, spot)
    for key in keys:
        if not re.fullmatch(r"[A-Za-z0-9_-]{2,256}", key):
            fix = "Use the store's key from the Merchant Center: letters, digits, - and _"
            spot.fault(f"{_quoted(key)} is not a store key", fix, value=key)
    return tuple(dict.fromkeys(keys))


def _tracking_links(value: object, spot: Spot) -> Table[str, str]:
    """The known carriers with the merchant's own links; an empty link takes one away."""
    links = dict(KNOWN_CARRIERS)
    for name, template in _flat(value, spot):
        wrong = link_problem(template, needs=PLACEHOLDER) if isinstance(template, str) and template else None
        if wrong or not isinstance(template, str) or not carrier_name(name):
            fix = f'Use "https://carrier.example/{PLACEHOLDER}", or "" for no link'
            spot.below(name).fault(f"{_quoted(template)} {wrong or 'is not a link'}", fix)
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
        spot.fault(f"{_quoted(value)} {wrong}", fix)
        return None
    return template


def _cache_seconds(value: object, spot: Spot) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_CACHE_SECONDS:
        return value
    spot.fault(f"{_quoted(value)} is not 0 to {MOST_CACHE_SECONDS} whole seconds", "Leave it out for 10")
    return 10


def _flag(value: object, spot: Spot) -> bool:
    if not isinstance(value, bool):
        spot.fault(f"{_quoted(value)} is neither true nor false", "Write true or false, without quotation marks")
    return value is True


def _external_id(value: object, spot: Spot) -> str:
    return _one_of(CUSTOMER_FIELDS, value, spot) or "id"


def _texts(value: object, spot: Spot) -> tuple[str, ...]:
    """The texts of a list that should hold nothing else."""
    entries = value if isinstance(value, list) else []
    texts = tuple(entry for entry in entries if isinstance(entry, str) and entry.strip())
    if not isinstance(value, list) or len(texts) < len(entries):
        spot.fault("is not a list of texts", f'Write {spot.path[-1]} = ["…", "…"]')
    return texts


def _one_of(choices: tuple[str, ...], value: object, spot: Spot) -> str | None:
    if isinstance(value, str) and value in choices:
        return value
    spot.fault(
        f"{_quoted(value)} is not possible here", did_you_mean(str(value), choices, f"Use {' or '.join(choices)}")
    )
    return None


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


def _quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)[:60]


def _merchant_center_of(api_url: str) -> str:
    """The Merchant Center of the API's region, "" for an unknown host: https://docs.commercetools.com/merchant-center"""
    region = re.fullmatch(r"https://api\.([a-z0-9-]+\.(?:gcp|aws))\.commercetools\.com/?", api_url)
    return f"https://mc.{region.group(1)}.commercetools.com/{{project_key}}/orders/{{order_id}}" if region else ""


Parser: TypeAlias = Callable[[object, Spot], object]

_PANEL: Final[Table[str, Parser]] = {
    "fields": _fields,
    "masks": _masks,
    "language": _language,
    "time_zone": _time_zone,
    "order_number_patterns": _patterns,
    "order_number_attributes": _texts,
    "stores": _stores,
    "tracking_links": _tracking_links,
    "merchant_center_url": _merchant_center,
    "addresses_on_email_match": _flag,
    "cache_seconds": _cache_seconds,
    "show_cart": _flag,
    "show_lifetime": _flag,
}
_IDENTITY: Final[Table[str, Parser]] = {"external_id": _external_id}
