"""Who a customer is, as far as the merchant lets agents see it: in two lines, and in full on a screen of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

from canvas_app.canvas.components import Canvas, Component, DataTable, Row, Text, TextStyle, plain
from canvas_app.canvas.found import Freshness, MatchedBy
from canvas_app.canvas.screens.foot import closing
from canvas_app.canvas.screens.look import Look
from canvas_app.canvas.screens.section import and_more
from canvas_app.canvas.screens.summary import NAME_LIMIT, dotted, short_id
from commerce.customer import Address, Customer

_GROUP_LIMIT: Final = 24
_ADDRESSES_SHOWN: Final = 5


def customer_name(customer: Customer, look: Look) -> str:
    """The name agents may see, else the customer number, else the beginning of the id."""
    name = look.personal("customer.name", customer.name)
    if name:
        return plain(name, NAME_LIMIT)
    number = look.personal("customer.number", customer.number)
    return look.words.t("Customer {number}", number=plain(number or short_id(customer.id), NAME_LIMIT))


def customer_facts(customer: Customer, look: Look) -> str:
    """`VIP · customer since 2021`."""
    group = look.personal("customer.group", customer.group)
    since = look.words.t("customer since {year}", year=look.formats.year(customer.created_at))
    return dotted((plain(group or "", _GROUP_LIMIT), since))


def has_details(customer: Customer, look: Look, *, matched_by: MatchedBy) -> bool:
    """Whether there is anything to show beyond name and group."""
    return any(_rows(customer, look)) or bool(_addresses(customer, look, matched_by))


def customer_details(
    customer: Customer,
    freshness: Freshness,
    look: Look,
    *,
    memory: Mapping[str, object],
    matched_by: MatchedBy,
    back: str = "overview",
) -> Canvas:
    """Everything about a customer that the merchant allows by name.

    `matched_by` says how the contact was joined to this customer: an e-mail address or a search hides addresses.
    """
    rows = [*_rows(customer, look)]
    components: list[Component] = [
        Text(text=customer_name(customer, look), style=TextStyle.HEADER, tight=True),
        Text(text=customer_facts(customer, look), style=TextStyle.MUTED),
        *([DataTable(items=rows)] if rows else []),
        *_addresses(customer, look, matched_by),
        *closing(freshness, look, back=back),
    ]
    return Canvas(components, stored_data=memory)


def address_line(address: Address, look: Look) -> str:
    """An address on one line; data tables would cut it."""
    return ", ".join(address_lines(address, look))


def address_lines(address: Address, look: Look) -> tuple[str, ...]:
    """An address, in the order in which the post reads it."""
    person = " ".join(part for part in (address.first_name, address.last_name) if part)
    street = " ".join(part for part in (address.street_name, address.street_number) if part)
    town = " ".join(part for part in (address.postal_code, address.city) if part)
    parts = (
        address.company,
        person,
        street,
        address.additional_street_info,
        town,
        address.region,
        address.state,
        address.country,
        look.personal("address.phone", address.phone),
        look.personal("address.email", address.email),
    )
    return tuple(plain(part) for part in parts if part)


def custom_rows(custom: Mapping[str, object], prefix: str, look: Look) -> Iterator[Row]:
    """The custom fields that are allowed by name; `prefix` is `customer.custom.` or `order.custom.`."""
    for name, value in sorted(custom.items()):
        shown = None if value is None else look.personal(prefix + name, _as_text(value, look))
        if shown:
            yield Row(field=name, value=shown)


def _rows(customer: Customer, look: Look) -> Iterator[Row]:
    t = look.words.t
    facts = (
        ("customer.number", t("Customer number"), customer.number),
        ("customer.email", t("E-mail"), customer.email),
        ("customer.company", t("Company"), customer.company),
        ("customer.vat_id", t("VAT id"), customer.vat_id),
        ("customer.external_id", t("External id"), customer.external_id),
        ("customer.locale", t("Language"), customer.locale),
    )
    seen = ((name, look.personal(field, value)) for field, name, value in facts)
    yield from (Row(field=name, value=value) for name, value in seen if value)
    if customer.is_email_verified is not None and look.options.allows("customer.email"):
        yield Row(field=t("E-mail verified"), value=_as_text(customer.is_email_verified, look))
    yield from custom_rows(customer.custom, "customer.custom.", look)


def _addresses(customer: Customer, look: Look, matched_by: MatchedBy) -> tuple[Component, ...]:
    proven = matched_by is MatchedBy.ID or look.options.addresses_on_email_match
    if not proven or not customer.addresses or not look.options.allows("customer.addresses"):
        return ()
    shown = customer.addresses[:_ADDRESSES_SHOWN]
    return (
        Text(text=look.words.t("Addresses"), style=TextStyle.MUTED, tight=True),
        *(Text(text=address_line(address, look)) for address in shown),
        *and_more(len(customer.addresses) - _ADDRESSES_SHOWN, look),
    )


def _as_text(value: object, look: Look) -> str:
    """A custom field's value, whatever its type: https://docs.commercetools.com/api/projects/custom-fields"""
    match value:
        case str():
            return value
        case bool():
            return look.words.t("yes") if value else look.words.t("no")
        case list() | tuple():
            return ", ".join(_as_text(each, look) for each in value)
        case _:
            return json.dumps(value, ensure_ascii=False, default=str)
