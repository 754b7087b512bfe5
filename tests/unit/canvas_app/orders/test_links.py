"""The link to the page of an order: what it holds, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from canvas_app.canvas.component_rules import check_url
from canvas_app.canvas.found import MatchedBy, Relation
from canvas_app.orders.links import LASTS, OrderLink, OrderLinks
from canvas_app.pages.entrance import own_path
from sync.signing import TokenExpired, TokenForged, Tokens

PUBLIC_URL = "https://panel.example.com"
KEYS = ("a key of more than thirty-two letters",)
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ORDER = "aaaaaaaa-0000-4000-8000-000000000001"


def links(at: datetime = NOON, *keys: str) -> OrderLinks:
    return OrderLinks(keys or KEYS, public_url=PUBLIC_URL, now=lambda: at)


def token(workspace: str = "acme", admin: str = "7301550", of: OrderLinks | None = None) -> str:
    url = (of or links()).of(workspace, admin)(ORDER, Relation.SAME_EMAIL, None)
    assert url is not None
    return url.removeprefix(f"{PUBLIC_URL}/orders/")


def test_a_link_says_which_order_and_for_whom() -> None:
    assert links().read(token()) == OrderLink(
        workspace_id="acme", admin_id="7301550", order_id=ORDER, relation=Relation.SAME_EMAIL, matched_by=None
    )


@pytest.mark.parametrize("matched_by", [*MatchedBy, None])
@pytest.mark.parametrize("relation", Relation)
def test_a_link_says_how_the_contact_is_joined_to_the_order(relation: Relation, matched_by: MatchedBy | None) -> None:
    url = links().of("acme", "7301550")(ORDER, relation, matched_by)
    assert url is not None
    read = links().read(url.rpartition("/")[2])
    assert (read.relation, read.matched_by) == (relation, matched_by)


def test_a_link_is_over_after_ten_minutes_and_not_before() -> None:
    made = token()
    assert LASTS.total_seconds() == 600
    assert links(NOON + LASTS - timedelta(seconds=1)).read(made).order_id == ORDER
    with pytest.raises(TokenExpired):
        links(NOON + LASTS).read(made)


def test_a_link_survives_a_rotation_of_the_key() -> None:
    made = token()
    assert links(NOON, "a newer key of more than thirty letters", *KEYS).read(made).order_id == ORDER
    with pytest.raises(TokenForged):
        links(NOON, "a newer key of more than thirty letters").read(made)


@pytest.mark.parametrize("purpose", ["session", "notice", "consent", "console-link"])
def test_what_was_signed_for_something_else_is_no_link(purpose: str) -> None:
    content = {"workspace": "acme", "admin": "7301550", "order": ORDER, "relation": "own", "by": ""}
    with pytest.raises(TokenForged):
        links().read(Tokens(KEYS, purpose=purpose).sign(content, expires=NOON + LASTS))


@pytest.mark.parametrize("content", [{}, {"workspace": "acme"}, {"relation": "sister"}], ids=repr)
def test_a_link_of_another_release_is_no_link(content: dict[str, str]) -> None:
    whole = {"workspace": "acme", "admin": "7301550", "order": ORDER, "relation": "own", "by": ""}
    with pytest.raises(TokenForged):
        links().read(
            Tokens(KEYS, purpose="order").sign(
                whole | content if "relation" in content else content, expires=NOON + LASTS
            )
        )


def test_the_longest_link_fits_a_canvas_and_is_one_to_come_back_to() -> None:
    made = token("w" * 64, "".join(chr(97 + at % 26) for at in range(64)))
    check_url(f"{PUBLIC_URL}/orders/{made}")
    assert own_path(f"/orders/{made}") == f"/orders/{made}"


@pytest.mark.parametrize("admin", ["", "a b", "7301550\n", "x" * 65, "ü", "../7"])
def test_for_what_cannot_be_an_admin_there_is_no_link(admin: str) -> None:
    assert links().of("acme", admin)(ORDER, Relation.OWN, MatchedBy.ID) is None
