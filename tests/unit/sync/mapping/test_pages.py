"""What docs/mapping.md and docs/events.md say is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from commerce.entries import cart_milestones, customer_milestones, order_milestones
from commerce.masks import Mask
from commerce.milestones import Milestone, MilestoneName
from commerce.observations import observe_customer, observe_order
from sync.mapping.contact import MEANING as CONTACT_FIELDS
from sync.mapping.contact import ContactOptions
from sync.mapping.events import EVENTS, KEYS, MOST_KEYS, default_name
from sync.mapping.faults import Fault, MappingError
from sync.mapping.reading import parse_sync_mapping
from sync.mapping.rules import (
    Archived,
    AttributeType,
    CreateContacts,
    Erase,
    Guests,
    SyncMapping,
)
from sync.mapping.shapes import (
    ADDRESS_FIELDS,
    DOCUMENT,
    ITEM_FIELDS,
    MONEY_FIELDS,
    CustomFields,
    Many,
    Record,
    Shape,
    paths,
)
from tests.builders import at
from tests.histories import HISTORIES

REPOSITORY = Path(__file__).resolve().parents[4]
EVENTS_PAGE = (REPOSITORY / "docs" / "events.md").read_text(encoding="utf-8")
MAPPING_PAGE = (REPOSITORY / "docs" / "mapping.md").read_text(encoding="utf-8")

PARTS = {"money": MONEY_FIELDS, "an address": ADDRESS_FIELDS, "an item": ITEM_FIELDS}


def table(page: str, heading: str, *, number: int = 0) -> list[list[str]]:
    """The rows of the first table below a heading, or of a later one."""
    section = page.split(f"{heading}\n", 1)[1].split("\n#", 1)[0]
    lines = list(re.finditer(r"^\|.*?\|$(\n\|.*?\|$)*", section, re.M))[number]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines.group().splitlines()[2:]]


def faults(text: str) -> tuple[Fault, ...]:
    with pytest.raises(MappingError) as refused:
        parse_sync_mapping(text, hash_key=b"k")
    return refused.value.faults


def rows_of(root: str) -> list[list[str]]:
    """What the page says of one part of the document: each path, what it is, what has to be allowed for it."""
    rows: list[list[str]] = []
    hidden: tuple[str, ...] = ()
    for path, shape in paths(DOCUMENT.fields[root], root):
        if path != root and not path.startswith(hidden or "\0"):
            rows.append([f"`{path}`", meaning(shape)])
        if part_of(shape):
            hidden = (*hidden, f"{path}.", f"{path}[].")
    return rows


def part_of(shape: Shape) -> str | None:
    """Which of the parts with a table of their own it is, or is a list of."""
    inner = shape.of if isinstance(shape, Many) else shape
    return next((noun for noun, fields in PARTS.items() if isinstance(inner, Record) and inner.fields is fields), None)


def meaning(shape: Shape) -> str:
    each = "each " if isinstance(shape, Many) else ""
    told = f"{shape.meaning} ({each}{part_of(shape)})" if part_of(shape) else shape.meaning
    return told + ("; personal" if is_personal(shape) else "")


def is_personal(shape: Shape) -> bool:
    needs = None if isinstance(shape, CustomFields) else shape.needs
    return needs is not None and needs not in ("order.workflow_state", "order.discount_codes")


def test_every_milestone_has_its_event_and_no_event_has_too_many_keys() -> None:
    assert set(EVENTS) == set(MilestoneName)
    assert [name for name, kind in EVENTS.items() if not 0 < len(set(kind.keys)) == len(kind.keys) <= MOST_KEYS] == []


def test_the_page_lists_every_event_as_the_product_sends_it() -> None:
    told = dict(seen_in_histories())
    assert table(EVENTS_PAGE, "# Events") == [
        [
            kind.change,
            f"`{name}`",
            "durable" if told[name] else "observed",
            f"`{default_name(name)}`",
            ", ".join(f"`{key}`" for key in kind.keys),
        ]
        for name, kind in EVENTS.items()
    ]


def seen_in_histories() -> set[tuple[MilestoneName, bool]]:
    """Every milestone that the histories hold, and whether it is durable."""
    found: list[Milestone] = []
    for history in HISTORIES:
        for before, step in zip((None, *history.steps), history.steps, strict=False):
            now = at(step.hours + 2)
            for order in step.orders:
                earlier = [each for each in (before.orders if before else ()) if each.id == order.id]
                found += order_milestones(order, observe_order(earlier[0]) if earlier else None, observed_at=now)
            if step.customer:
                known = before.customer if before else None
                seen = observe_customer(known, hash_key=b"k") if known else None
                found += customer_milestones(step.customer, seen, observed_at=now, hash_key=b"k")
            if step.cart:
                found += cart_milestones(step.cart, None, observed_at=now, idle=at(1) - at(0))
    return {(each.name, each.is_durable) for each in found}


def test_the_page_says_what_every_key_means() -> None:
    assert table(EVENTS_PAGE, "## Keys") == [[f"`{key}`", said] for key, said in KEYS.items()]


@pytest.mark.parametrize("root", ["customer", "order", "cart", "lifetime"])
def test_the_page_lists_every_field_of_the_document(root: str) -> None:
    assert table(MAPPING_PAGE, f"### Fields of `{root}`") == rows_of(root)


@pytest.mark.parametrize(
    ("heading", "fields"), [("Money", MONEY_FIELDS), ("Address", ADDRESS_FIELDS), ("Item", ITEM_FIELDS)]
)
def test_the_page_says_what_money_an_address_and_an_item_are(heading: str, fields: dict[str, Shape]) -> None:
    assert table(MAPPING_PAGE, f"#### {heading}") == [[f"`{name}`", meaning(shape)] for name, shape in fields.items()]


def test_the_page_describes_every_option_of_the_sync_with_its_default() -> None:
    (unknown,) = faults("[sync]\nzzzzzz = 1")
    names = unknown.fix.removeprefix("Known are ").split(", ")
    options = SyncMapping(hash_key=b"k").options
    defaults = [options.create_contacts, options.guests, options.erase, options.archived]
    rows = table(MAPPING_PAGE, "## `[sync]`")
    assert [row[0].strip("`") for row in rows] == names
    assert [row[1] for row in rows] == [*(f'`"{each}"`' for each in defaults), "all", "`60`"]


def test_the_page_describes_every_option_of_a_contact_with_its_default() -> None:
    (unknown,) = faults("[contact]\nzzzzzz = 1")
    rows = table(MAPPING_PAGE, "## `[contact]`")
    assert [row[0].strip("`") for row in rows] == unknown.fix.removeprefix("Known are ").split(", ")
    assert [row[1] for row in rows] == ["none", "`false`"]
    assert (ContactOptions().fields, ContactOptions().overwrite) == ((), False)


def test_the_page_says_what_every_field_of_a_contact_is_filled_with() -> None:
    assert table(MAPPING_PAGE, "## `[contact]`", number=1) == [
        [f"`{field}`", meaning] for field, meaning in CONTACT_FIELDS.items()
    ]


def test_the_page_describes_every_option_of_conversations_with_its_default() -> None:
    (unknown,) = faults("[conversations]\nzzzzzz = 1")
    rows = table(MAPPING_PAGE, "## `[conversations]`")
    assert [row[0].strip("`") for row in rows] == unknown.fix.removeprefix("Known are ").split(", ")
    rules = SyncMapping(hash_key=b"k").conversations
    defaults = [f'`"{rules.edits}"`', f"`{rules.newest_order}`".lower(), f"`{rules.others_orders}`".lower()]
    assert [row[1] for row in rows] == [*defaults, "all", "of the token", "none", "none"]


@pytest.mark.parametrize("choices", [CreateContacts, Guests, Erase, Archived])
def test_the_page_names_every_choice_of_the_sync(choices: type[CreateContacts | Guests | Erase | Archived]) -> None:
    section = MAPPING_PAGE.split("## `[sync]`\n", 1)[1].split("\n## ", 1)[0]
    assert [each for each in choices if f'`"{each}"`' not in section] == []


@pytest.mark.parametrize(
    ("heading", "rule"), [("## `[attributes]`", "attributes.ct_x"), ("## `[events]`", "events.order_placed")]
)
def test_the_page_describes_every_option_of_a_rule(heading: str, rule: str) -> None:
    found = [fault for fault in faults(f"[{rule}]\nzzzzzz = 1") if "Known are" in fault.fix]
    names = found[0].fix.removeprefix("Known are ").split(", ")
    assert [row[0].strip("`") for row in table(MAPPING_PAGE, heading)] == names


def test_the_page_describes_every_type_and_mask_of_an_attribute() -> None:
    section = MAPPING_PAGE.split("## `[attributes]`\n", 1)[1].split("\n## ", 1)[0]
    assert [each for each in (*AttributeType, *Mask) if f'`"{each}"`' not in section] == []


@pytest.mark.parametrize("page", [EVENTS_PAGE, MAPPING_PAGE], ids=["events", "mapping"])
def test_every_example_of_the_sync_on_a_page_is_right(page: str) -> None:
    for example in re.findall(r"```toml\n(.*?)```", page, re.S):
        parse_sync_mapping(example, hash_key=b"k")


def test_the_file_that_comes_with_the_product_names_every_event() -> None:
    text = (REPOSITORY / "mapping.toml").read_text(encoding="utf-8")
    assert set(re.findall(r"^(?:# )?([a-z_]+) = true(?: |$)", text, re.M)) >= set(MilestoneName)


def test_the_file_that_comes_with_the_product_sends_nothing_personal_but_who_a_new_contact_is() -> None:
    text = (REPOSITORY / "mapping.toml").read_text(encoding="utf-8")
    mapping = parse_sync_mapping(text, hash_key=b"k")
    assert mapping.allowed == frozenset()
    assert mapping.sent == {"customer.email", "customer.name"}


def test_the_file_that_comes_with_the_product_stays_right_when_everything_in_it_is_switched_on() -> None:
    text = (REPOSITORY / "mapping.toml").read_text(encoding="utf-8")
    everything = re.sub(r'^( *)# (?=["\[]|[a-z_]+ = )', r"\1", text, flags=re.M)
    mapping = parse_sync_mapping(everything, hash_key=b"k")
    assert (set(mapping.events), len(mapping.tags), mapping.options.stores) == (set(MilestoneName), 3, ("de", "at"))
    assert len(mapping.conversations.tags) == 3
