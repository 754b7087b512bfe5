"""The order that a conversation is about is found, and hardly anything else."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.intercom.conversation import Conversation, ConversationText, Passage
from clients.intercom.order_numbers import DEFAULT_PATTERNS, order_numbers_named, text_of


def said(*bodies: str, attributes: tuple[tuple[str, str], ...] = ()) -> Conversation:
    texts = tuple(ConversationText(passage=Passage.BODY, html=body) for body in bodies)
    return Conversation(id="1", texts=texts, attributes=attributes)


def named(*bodies: str) -> tuple[str, ...]:
    return order_numbers_named(said(*bodies))


def in_attribute(name: str, value: str, *, names: tuple[str, ...] = ()) -> tuple[str, ...]:
    return order_numbers_named(said(attributes=((name, value),)), attribute_names=names)


@pytest.mark.parametrize(
    ("body", "number"),
    [
        ("Where is #1001?", "1001"),
        ("Where is # 1001?", "1001"),
        ("#DE-10482 is late", "DE-10482"),
        ("Where is DE-10482?", "DE-10482"),
        ("ORD-100001, please", "ORD-100001"),
        ("(ACC-123456)", "ACC-123456"),
        ("AB-2026-00123 came broken", "AB-2026-00123"),
        ("DE-10482-1 came broken", "DE-10482-1"),
        ("DE–10482 with a dash from a telephone", "DE-10482"),
        ("my order 1001.", "1001"),
        ("order no. 1001", "1001"),
        ("Order Number: A-1001", "A-1001"),
        ("order number is 1001", "1001"),
        ("Order ID=77812", "77812"),
        ("Purchase 1001", "1001"),
        ("https://shop.example/account/orders/1001?tab=items", "1001"),
        ("Bestellung Nr. 1001", "1001"),
        ("Bestellung 1001", "1001"),
        ("Bestellnummer 10482 fehlt", "10482"),
        ("Meine Bestellnr.: 10482", "10482"),
        ("Auftragsnummer: 4711", "4711"),
        ("commande n° 1001", "1001"),
        ("Commande numéro 1001", "1001"),
        ("pedido número 55321", "55321"),
        ("zamówienie nr 12345", "12345"),
        ("注文番号1001です", "1001"),
        ("订单号：20231", "20231"),
        ("1001", "1001"),
        ("<p>10482</p>", "10482"),
        ("<p>Hello</p><p>10482.</p><p>Anna</p>", "10482"),
        ("I paid 129.90 EUR for order 1001", "1001"),
        ("Parcel 00340434161094042557 of order 1001", "1001"),
    ],
)
def test_a_number_is_found(body: str, number: str) -> None:
    assert named(body) == (number,)


@pytest.mark.parametrize(
    "body",
    [
        "my order of 2026-11-23",
        "order 2026-11-24 please",
        "order from 21.11.2026",
        "order placed 11/21/2026 at 14:02:11",
        "20261123",
        "call +49 30 1234567",
        "call 030 1234567",
        "call 030/1234567",
        "Tel-030123456",
        "it was 129.90 EUR",
        "order 1299 EUR",
        "order 1299 €",
        "order 129.90",
        "order 50 %",
        "order 12 shirts",
        "3f2b8c9e-1234-4abc-9def-123456789012",
        "3F2B8C9E-1234-4ABC-9DEF-123456789012",
        "00340434161094042557",
        "1Z999AA10123456784",
        "mail max-12345@example.com",
        "see https://shop.example/#1001",
        "ISO-9001 and SKU-12345",
        "COVID-19",
        "border 1001",
        "10115 Berlin",
        "#100daysofcode",
        "a&#12345;b",
        "",
        "no number at all",
    ],
)
def test_something_else_is_left_alone(body: str) -> None:
    assert named(body) == ()


def test_several_numbers_come_in_the_order_they_stand() -> None:
    assert named("DE-10482, #1001 and order 77812") == ("DE-10482", "1001", "77812")


def test_there_are_three_at_most() -> None:
    assert named("#1001 #1002 #1003 #1004") == ("1001", "1002", "1003")


def test_the_limit_can_be_chosen() -> None:
    assert order_numbers_named(said("#1001 #1002"), limit=1) == ("1001",)


def test_a_number_said_twice_is_one() -> None:
    assert named("DE-10482", "de-10482", "#DE-10482") == ("DE-10482",)


def test_small_letters_are_tried_in_capitals_too() -> None:
    assert named("where is ord-100001") == ("ord-100001", "ORD-100001")


def test_an_attribute_goes_before_every_text() -> None:
    conversation = said("#1001", attributes=(("Order number", "DE-10482"),))
    assert order_numbers_named(conversation) == ("DE-10482", "1001")


def test_texts_are_read_in_the_order_they_are_given() -> None:
    assert named("title #1001", "body #1002") == ("1001", "1002")


@pytest.mark.parametrize(
    ("name", "value", "numbers"),
    [
        ("Order number", "DE-10482", ("DE-10482",)),
        ("order_id", "#1001", ("1001",)),
        ("orderNumber", "x1", ("x1",)),
        ("ORDER", "2026/000123-A", ("2026/000123-A",)),
        ("Bestellnummer", "4711", ("4711",)),
        ("Order", "it is DE-10482, I think", ("DE-10482",)),
        ("Order", "https://shop.example/orders/1001", ("1001",)),
        ("Order", "#1001, #1002", ("1001", "1002")),
    ],
)
def test_an_attribute_about_an_order_holds_its_number(name: str, value: str, numbers: tuple[str, ...]) -> None:
    assert in_attribute(name, value) == numbers


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Order total", "129.90"),
        ("Order date", "2026-11-23"),
        ("Order", "2026-11-23"),
        ("Orders", "12"),
        ("last_order_at", "1764000000"),
        ("orderCount", "12"),
        ("Order status", "step 3"),
        ("Order", "delayed"),
        ("Order", "x" * 64 + "1"),
        ("Order", "#"),
        ("Border", "5"),
        ("Ticket", "DE-10482"),
    ],
)
def test_an_attribute_about_something_else_is_left_alone(name: str, value: str) -> None:
    assert in_attribute(name, value) == ()


def test_attributes_can_be_named() -> None:
    assert in_attribute("Ticket", "DE-10482", names=("ticket",)) == ("DE-10482",)


def test_only_the_attributes_that_are_named_count() -> None:
    assert in_attribute("Order number", "DE-10482", names=("ticket",)) == ()


def test_a_named_attribute_may_have_any_name() -> None:
    assert in_attribute("Order status", "DE-10482", names=("Order status",)) == ("DE-10482",)


def test_own_patterns_replace_the_known_ones() -> None:
    assert order_numbers_named(said("#1001 and SO/2026/77"), [re.compile(r"SO/\d{4}/\d+")]) == ("SO/2026/77",)


def test_the_first_group_of_a_pattern_is_the_number() -> None:
    assert order_numbers_named(said("case 77-abc"), [re.compile(r"case (\d+)")]) == ("77",)


def test_a_pattern_that_matches_nothing_but_emptiness_finds_nothing() -> None:
    assert order_numbers_named(said("abc"), [re.compile(r"\d*")]) == ()


@pytest.mark.parametrize("distance", [150, 159, 160, 161, 230, 235, 239, 240, 241, 320, 400])
def test_a_number_is_found_whole_wherever_it_stands_in_a_long_line(distance: int) -> None:
    assert named("." * distance + " ORD-100001 " + "." * 500) == ("ORD-100001",)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("one<br>two", "one\ntwo"),
        ("<td>1</td><td>2</td>", "1\n2"),
        ("<b>DE</b>-<i>10482</i>", "DE-10482"),
        ("&#35;1001 &amp; &lt;b&gt;", "#1001 & <b>"),
        ("a\u00a0b\n\n  c", "a b\nc"),
        ("<script>order 1001</script>seen<style>#1002{}</style>", "seen"),
        ("<!-- order 1001 -->seen", "seen"),
        ("<!--[if mso]><p>#1001</p><![endif]-->seen", "seen"),
        ("seen<!-- order 1001", "seen"),
        ('<a href="https://x.example/#1001" title="a > b">seen</a>', "seen"),
        ("2 < 3 and 4 > 3", "2 < 3 and 4 > 3"),
        ("<![foo[bar]]>seen", "seen"),
        ("unfinished <a href=", "unfinished <a href="),
        ("</p></p>seen</div>", "seen"),
    ],
)
def test_html_is_read_as_it_is_seen(html: str, text: str) -> None:
    assert text_of(html) == text


@given(html=st.text(alphabet="<>/!-[]pab =\"'&#;?1\n", max_size=80) | st.text(max_size=80))
def test_any_html_is_read(html: str) -> None:
    assert isinstance(text_of(html), str)


@settings(max_examples=60)
@given(before=st.text(max_size=30), after=st.text(max_size=30))
def test_a_number_on_a_line_of_its_own_is_found_among_anything(before: str, after: str) -> None:
    numbers = order_numbers_named(said(f"<div>ORD-100001</div>{before}", f"{after}"))
    assert numbers[0] == "ORD-100001"


HOSTILE = [
    "<",
    "<a ",
    "<a b='",
    "<a b='>",
    '<a ">',
    "<!--",
    "<!--x>",
    "<![x[",
    "<!x>",
    "<?x>",
    "</",
    "<script>",
    "&#",
    "&",
]
HOSTILE += [
    "order ",
    "order number ",
    "1",
    "1-",
    "A-",
    "AB-12-",
    "a@",
    "2026-",
    "+1 ",
    "01 2",
    "#",
    "bestellung-",
    "<p>1001 ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_what_is_made_to_be_slow_is_read_fast(piece: str) -> None:
    """The bar is far above what is measured (30 ms at most) and far below what it was without care (20 s)."""
    body = (piece * 40_000)[:40_000]
    started = time.process_time()
    order_numbers_named(said(*[body] * 50), DEFAULT_PATTERNS)
    assert time.process_time() - started < 1.0
