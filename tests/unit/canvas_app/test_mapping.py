"""What the merchant wrote is what agents see; what is wrong with it is said at once, line by line."""

from __future__ import annotations

import re
import zoneinfo
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canvas_app.canvas.components import Url
from canvas_app.mapping import (
    CUSTOMER_FIELDS,
    LANGUAGES,
    MASKS,
    Fault,
    IdentityOptions,
    Mapping,
    MappingError,
    PanelOptions,
    load_mapping,
    parse_mapping,
)
from canvas_app.tracking_links import KNOWN_CARRIERS
from clients.intercom.order_numbers import DEFAULT_PATTERNS
from commerce.masks import Mask
from commerce.personal_fields import PERSONAL_FIELDS

REPOSITORY = Path(__file__).resolve().parents[3]
API_URL = "https://api.europe-west1.gcp.commercetools.com"


def panel(text: str) -> PanelOptions:
    return parse_mapping(f"[panel]\n{text}").panel


def faults(text: str) -> tuple[Fault, ...]:
    with pytest.raises(MappingError) as refused:
        parse_mapping(text)
    return refused.value.faults


def only_fault(text: str) -> Fault:
    (fault,) = faults(text)
    return fault


def rows(heading: str) -> dict[str, str]:
    """The first two columns of the table below a heading of docs/mapping.md, without backticks."""
    page = (REPOSITORY / "docs" / "mapping.md").read_text(encoding="utf-8")
    section = page.split(f"{heading}\n", 1)[1].split("\n#", 1)[0]
    return {name: meaning.replace("`", "") for name, meaning in re.findall(r"^\| `([^`]+)` \| (.*?) \|", section, re.M)}


def test_without_a_file_nothing_personal_is_shown(tmp_path: Path) -> None:
    assert load_mapping(tmp_path / "mapping.toml").panel.fields == frozenset()


def test_an_empty_file_is_like_none(tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text("")
    assert load_mapping(tmp_path / "mapping.toml") == load_mapping(tmp_path / "missing.toml") == Mapping()


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_bytes(b'\xef\xbb\xbf[panel]\nlanguage = "de"')
    assert load_mapping(tmp_path / "mapping.toml").panel.language == "de"


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="IsADirectoryError"):
        load_mapping(tmp_path)


def test_a_file_that_is_not_utf_8_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_bytes(b'[panel]\nlanguage = "\xff"')
    with pytest.raises(MappingError, match="UnicodeDecodeError"):
        load_mapping(tmp_path / "mapping.toml")


def test_only_fields_that_are_named_are_allowed() -> None:
    options = panel('fields = ["customer.name", "order.custom.giftMessage"]')
    names = ("customer.name", "order.custom.giftMessage", "customer.email", "customer.custom.giftMessage")
    assert [options.allows(name) for name in names] == [True, True, False, False]


def test_a_field_that_is_not_allowed_is_shown_as_nothing() -> None:
    assert panel("").shown("customer.email", "anna@example.com") == ""


def test_an_allowed_field_is_shown_whole() -> None:
    assert panel('fields = ["customer.email"]').shown("customer.email", "anna@example.com") == "anna@example.com"


@pytest.mark.parametrize("key", ['"customer.email"', "customer.email"])
def test_a_masked_field_is_shown_in_part(key: str) -> None:
    options = panel(f'fields = ["customer.email"]\n[panel.masks]\n{key} = "domain"')
    assert options.shown("customer.email", "anna@example.com") == "…@example.com"


def test_masks_may_stand_in_one_line() -> None:
    options = panel('fields = ["customer.name"]\nmasks = { "customer.name" = "initials" }')
    assert options.masks == {"customer.name": Mask.INITIALS}


def test_language_time_zone_and_switches_are_read() -> None:
    options = panel(
        'language = "de"\ntime_zone = "Europe/Berlin"\ncache_seconds = 0\nshow_cart = false\nshow_lifetime = false\n'
        'addresses_on_email_match = true\nstores = ["de", "at", "de"]\norder_number_attributes = ["Order"]'
    )
    assert options == PanelOptions(
        language="de",
        time_zone=zoneinfo.ZoneInfo("Europe/Berlin"),
        cache_seconds=0,
        show_cart=False,
        show_lifetime=False,
        addresses_on_email_match=True,
        stores=("de", "at"),
        order_number_attributes=("Order",),
    )


def test_the_known_order_numbers_need_no_setting() -> None:
    assert panel("").order_number_patterns == DEFAULT_PATTERNS


def test_own_order_numbers_replace_the_known_ones() -> None:
    (pattern,) = panel(r"order_number_patterns = ['\bSO-\d{4,8}\b']").order_number_patterns
    assert pattern.search("my so-12345 please")


@pytest.mark.parametrize("name", CUSTOMER_FIELDS)
def test_the_customer_field_behind_the_external_id_can_be_chosen(name: str) -> None:
    assert parse_mapping(f'[identity]\nexternal_id = "{name}"').identity.external_id == name


def test_customers_are_found_by_id_unless_said_otherwise() -> None:
    assert parse_mapping("").identity == IdentityOptions(external_id="id")


def test_tables_of_the_sync_are_left_to_it() -> None:
    text = "[attributes]\nx = 1\n[events]\n[conversations]\n[tags]\n[sync]\n"
    assert parse_mapping(text) == Mapping()


@pytest.mark.parametrize(
    ("carrier", "tracking_id", "url"),
    [
        ("DHL", "00340434161094042557", KNOWN_CARRIERS["dhl"].replace("{tracking_id}", "00340434161094042557")),
        ("dhl-paket", "1", KNOWN_CARRIERS["dhl"].replace("{tracking_id}", "1")),
        ("DHL Express (DE)", "1", KNOWN_CARRIERS["dhl express"].replace("{tracking_id}", "1")),
        (" Royal  Mail ", "1", KNOWN_CARRIERS["royal mail"].replace("{tracking_id}", "1")),
        ("UPS", "a/../b?c#d&é", "https://www.ups.com/track?tracknum=a%2F..%2Fb%3Fc%23d%26%C3%A9"),
        ("UPS", " 1Z ", "https://www.ups.com/track?tracknum=1Z"),
        ("Pigeon", "1", None),
        ("upside down", "1", None),
        ("", "1", None),
        (None, "1", None),
        ("DHL", "", None),
        ("DHL", None, None),
        ("DHL", "1" * 101, None),
    ],
)
def test_a_parcel_is_followed_at_its_carrier(carrier: str | None, tracking_id: str | None, url: str | None) -> None:
    assert PanelOptions().tracking_url(carrier, tracking_id) == url


def test_a_carrier_can_be_added() -> None:
    options = panel('[panel.tracking_links]\n"Pigeon-Post" = "https://pigeon.example/{tracking_id}"')
    assert options.tracking_url("pigeon post", "7") == "https://pigeon.example/7"


def test_a_link_can_be_replaced() -> None:
    options = panel('[panel.tracking_links]\nDHL = "https://own.example/?n={tracking_id}"')
    assert options.tracking_url("dhl", "7") == "https://own.example/?n=7"


def test_a_link_can_be_taken_away() -> None:
    assert panel('[panel.tracking_links]\nups = ""').tracking_url("UPS", "7") is None


@settings(max_examples=60)
@given(carrier=st.sampled_from(sorted(KNOWN_CARRIERS)), tracking_id=st.text(st.characters(), max_size=110))
def test_whatever_the_tracking_id_the_link_is_one_a_canvas_takes(carrier: str, tracking_id: str) -> None:
    url = PanelOptions().tracking_url(carrier, tracking_id)
    assert url is None or Url(url).url.startswith(KNOWN_CARRIERS[carrier].partition("{")[0])


@pytest.mark.parametrize(
    ("api_url", "link"),
    [
        (API_URL, "https://mc.europe-west1.gcp.commercetools.com/my-shop/orders/o1"),
        (
            "https://api.eu-central-1.aws.commercetools.com/",
            "https://mc.eu-central-1.aws.commercetools.com/my-shop/orders/o1",
        ),
        ("http://127.0.0.1:8080", None),
        ("https://proxy.example", None),
    ],
)
def test_the_merchant_center_follows_from_the_region(api_url: str, link: str | None) -> None:
    assert PanelOptions().for_project(api_url=api_url, project_key="my-shop").merchant_center_url("o1") == link


@pytest.mark.parametrize(
    ("given_url", "link"),
    [
        ("https://mc.example", "https://mc.example/my-shop/orders/o1"),
        ("https://mc.example/", "https://mc.example/my-shop/orders/o1"),
        ("https://mc.example/x/{order_id}/general", "https://mc.example/x/o1/general"),
        ("https://mc.example/{project_key}/{order_id}", "https://mc.example/my-shop/o1"),
        ("", None),
    ],
)
def test_the_merchant_center_can_be_elsewhere(given_url: str, link: str | None) -> None:
    options = panel(f'merchant_center_url = "{given_url}"').for_project(api_url=API_URL, project_key="my-shop")
    assert options.merchant_center_url("o1") == link


def test_without_a_project_there_is_no_merchant_center() -> None:
    assert PanelOptions().merchant_center_url("o1") is None


def test_every_fault_is_said_at_once_with_its_line() -> None:
    text = """language = "de"
[pannel]
[panel]
fields = [
  "customer.name",
  # "customer.nmae" in a comment is no fault
  "customer.nmae",
  7,
]
langauge = "de"
language = "fr"
time_zone = "Europe/Berln"
stores = ["x y", "ok"]
merchant_center_url = "http://x"
cache_seconds = 900
show_cart = "yes"
[panel.masks]
customer.name = "last5"
"customer.email" = "domain"
[panel.tracking_links]
dhl = "http://x/{tracking_id}"
[identity]
external_id = "customernumber"
"""
    assert [(fault.line, fault.key) for fault in faults(text)] == [
        (1, "language"),
        (2, "pannel"),
        (4, "panel.fields"),
        (7, "panel.fields"),
        (10, "panel.langauge"),
        (11, "panel.language"),
        (12, "panel.time_zone"),
        (13, "panel.stores"),
        (14, "panel.merchant_center_url"),
        (15, "panel.cache_seconds"),
        (16, "panel.show_cart"),
        (18, "panel.masks.customer.name"),
        (19, "panel.masks.customer.email"),
        (21, "panel.tracking_links.dhl"),
        (23, "identity.external_id"),
    ]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('[panel]\nfields = ["customer.nmae"]', "customer.name"),
        ('[panel]\nfields = ["customer.e_mail"]', "customer.email"),
        ('[panel]\nfeilds = ["customer.name"]', "fields"),
        ('[panel]\ntime_zone = "Europe/Berlln"', "Europe/Berlin"),
        ("[pannel]", "panel"),
        ("[identiy]", "identity"),
        ('[identity]\nexternal_id = "externalID"', "externalId"),
        ('[panel]\nfields = ["customer.name"]\n[panel.masks]\n"customer.nam" = "last4"', "customer.name"),
    ],
)
def test_a_near_miss_is_told_what_was_meant(text: str, meant: str) -> None:
    assert only_fault(text).fix == f'Did you mean "{meant}"?'


@pytest.mark.parametrize(
    "line",
    [
        'fields = "customer.name"',
        "fields = [1]",
        'fields = [""]',
        'fields = ["customer.custom."]',
        "fields = {}",
        'masks = "last4"',
        'masks = { "customer.name" = 4 }',
        'masks = { "customer.name" = "hash" }',
        'language = "EN"',
        "language = 1",
        'time_zone = ""',
        'time_zone = "/etc/passwd"',
        'time_zone = "../UTC"',
        "time_zone = 2",
        "order_number_patterns = []",
        'order_number_patterns = ["("]',
        'order_number_patterns = ["(a+)+x"]',
        'order_number_patterns = ["[A-Z]+-[0-9]+"]',
        r"order_number_patterns = ['(x)\1']",
        'order_number_patterns = ["a*"]',
        'order_number_patterns = ["[[a]"]',
        'order_number_patterns = ["a{99999999999999}"]',
        'order_number_patterns = ["' + "a" * 201 + '"]',
        'order_number_patterns = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"]',
        "order_number_attributes = [true]",
        'stores = ["x"]',
        'stores = "de"',
        'tracking_links = "https://x.example/{tracking_id}"',
        'tracking_links = { dhl = "https://x.example/" }',
        'tracking_links = { dhl = "https://{tracking_id}.example/" }',
        'tracking_links = { dhl = "https://x.example/{tracking_id}/{zip}" }',
        'tracking_links = { dhl = "https://a@x.example/{tracking_id}" }',
        'tracking_links = { dhl = "javascript:alert(1)//{tracking_id}" }',
        "tracking_links = { dhl = 1 }",
        'tracking_links = { "!" = "https://x.example/{tracking_id}" }',
        'merchant_center_url = "mc.example"',
        'merchant_center_url = "https://mc.example/{shop}/{order_id}"',
        "merchant_center_url = 1",
        "addresses_on_email_match = 1",
        "cache_seconds = -1",
        "cache_seconds = 301",
        "cache_seconds = 1.5",
        "cache_seconds = true",
        'show_cart = "false"',
        "show_lifetime = 0",
    ],
)
def test_a_value_that_is_not_possible_is_one_fault_of_its_line(line: str) -> None:
    key = line.partition(" ")[0]
    fault = only_fault(f"# a comment\n\n[panel]\n{line}\n")
    assert (fault.line, fault.key.split(".")[1]) == (4, key)


@pytest.mark.parametrize("name", ["customer.addresses", "order.shipping_address", "order.billing_address"])
def test_an_address_cannot_be_masked(name: str) -> None:
    fault = only_fault(f'[panel]\nfields = ["{name}"]\nmasks = {{ "{name}" = "last4" }}')
    assert "cannot be masked" in fault.message


@pytest.mark.parametrize("text", ["panel = 3", 'identity = "id"', "[[panel]]"])
def test_a_table_must_be_a_table(text: str) -> None:
    assert "not a table" in only_fault(text).message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[panel]\nlanguage = \n", 2),
        ("[panel]\n\nlanguage = de", 3),
        ('[panel]\nfields = ["a"', 2),
        ("[panel]\n[panel]", 2),
    ],
)
def test_what_is_no_toml_is_one_fault_with_its_line(text: str, line: int) -> None:
    fault = only_fault(text)
    assert (fault.line, fault.key) == (line, "mapping")


def test_an_error_prints_every_fault_on_a_line() -> None:
    with pytest.raises(MappingError) as refused:
        parse_mapping('[panel]\nlanguage = "fr"\ncache_seconds = 900')
    assert str(refused.value) == (
        'line 2, panel.language: "fr" is not possible here. Use en or de\n'
        "line 3, panel.cache_seconds: 900 is not 0 to 300 whole seconds. Leave it out for 10"
    )


@given(text=st.text(max_size=60) | st.text(alphabet="[]{}=\"'.,\n panelfis", max_size=60))
def test_any_text_is_a_mapping_or_a_list_of_faults(text: str) -> None:
    try:
        result: object = parse_mapping(text)
    except MappingError as refused:
        result = refused.faults[0]
    assert isinstance(result, Mapping | Fault)


def test_the_file_that_comes_with_the_product_is_right() -> None:
    assert load_mapping(REPOSITORY / "mapping.toml").panel.fields == {
        "customer.name",
        "customer.number",
        "customer.group",
        "customer.company",
    }


def test_the_file_that_comes_with_the_product_names_every_field() -> None:
    text = (REPOSITORY / "mapping.toml").read_text(encoding="utf-8")
    described = dict(re.findall(r'^  (?:# )?"([a-z_.]+)", +# (.+)$', text, re.M))
    assert described == dict(PERSONAL_FIELDS)


def test_the_file_that_comes_with_the_product_stays_right_when_everything_in_it_is_switched_on() -> None:
    text = (REPOSITORY / "mapping.toml").read_text(encoding="utf-8")
    everything = re.sub(r'^( *)# (?=["\[]|[a-z_]+ = )', r"\1", text, flags=re.M)
    options = parse_mapping(everything).panel
    assert (set(options.masks), options.stores) == ({"customer.email", "address.phone"}, ("de", "at"))


def test_the_page_describes_every_field_as_the_product_does() -> None:
    assert rows("### Personal fields") == dict(PERSONAL_FIELDS)


def test_the_page_describes_every_option_of_the_panel() -> None:
    unknown = only_fault("[panel]\nzzzzzz = 1").fix
    assert list(rows("## `[panel]`")) == unknown.removeprefix("Known are ").split(", ")


def test_the_page_describes_every_mask() -> None:
    assert list(rows("### Masks")) == list(MASKS)


def test_the_page_lists_every_carrier_with_its_link() -> None:
    assert rows("### Tracking links") == dict(KNOWN_CARRIERS)


def test_the_page_names_every_language_and_customer_field() -> None:
    page = (REPOSITORY / "docs" / "mapping.md").read_text(encoding="utf-8")
    assert [name for name in (*LANGUAGES, *CUSTOMER_FIELDS) if f'`"{name}"`' not in page] == []


def test_a_key_of_thousands_of_parts_is_refused_before_it_is_read() -> None:
    """Reading one of a hundred thousand would take hours, and several workspaces share a process."""
    fault = only_fault("[panel]\n" + "a." * 100_000 + "a = 1")
    assert fault.line == 2
    assert "more than 100 dots on one line" in fault.message


@pytest.mark.parametrize("number", ["9" * 5000, "0x" + "f" * 5000], ids=["decimal", "hexadecimal"])
def test_a_number_without_end_is_no_toml(number: str) -> None:
    assert "is not TOML" in only_fault(f"[panel]\ncache_seconds = {number}").message


def test_not_more_faults_are_told_than_somebody_reads() -> None:
    names = ", ".join(f'"no-field-{number}"' for number in range(2000))
    assert len(faults(f"[panel]\nfields = [{names}]")) == 200
