"""Every route there is, tried by an admin of one workspace with everything that names something of another.

The routes are those of the app itself: a new one is tried without a line here. What is the other's holds a word that is
nowhere else, and none of its rows may change.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from psycopg import sql
from werkzeug.routing import Rule

from clients.intercom.signatures import BODY_SIGNATURE_HEADER, sign_body
from sandbox.commercetools import CommercetoolsStandIn
from sandbox.conversations import conversation, initialize_body
from sandbox.conversations.fjord import CONVERSATIONS
from sandbox.intercom.identity import FJORD, NORDLICHT
from sandbox.intercom.platform import IntercomPlatform
from sandbox.shop.fjord import fjord_shop
from sandbox.shop.identifiers import order_id
from sandbox.shop.scenarios.anna import ANNA
from sync.people import customer_subject
from sync.sources.requested import request_backfill
from sync.storage import audit
from sync.storage.database import Database
from sync.storage.dead_letters import Place, bury
from sync.storage.installed import installation_id, save_mapping
from sync.storage.traces import Trace, add_traces
from tests.integration.canvas_app.install.admin import PUBLIC_URL, Admin
from tests.integration.canvas_app.install.conftest import CLIENT_SECRET

THEIRS = installation_id(NORDLICHT.id)
SECRET_WORD = "heron"
CORRELATION = "theirs-4711"
ORDER = "DE-10482"
SHOP_WORDS = ("Lindenallee", "Brandung", "C-20417", "1,284.50", "nordlicht-demo", "DE-10311")


GUESSED = {"installation", "workspace", "workspace_id", "app_id", "id", "subject", "customer"}


@dataclass(frozen=True)
class Other:
    """The workspace that nobody else may touch: its ids, as somebody may have heard of them."""

    letter: int

    @property
    def ids(self) -> tuple[str, ...]:
        return (
            str(self.letter),
            THEIRS,
            NORDLICHT.id,
            ANNA.id,
            customer_subject(ANNA.id),
            ANNA.email,
            ORDER,
            order_id(ORDER),
            CORRELATION,
        )


@pytest.fixture
def victim(connected: Admin) -> Admin:
    """Of the workspace that nobody else may touch."""
    return connected


@pytest.fixture
def other(victim: Admin, rows: Database) -> Other:
    """With something of everything that is kept."""
    now, subject = datetime.now(UTC), customer_subject(ANNA.id)
    place = Place(part="attributes", subject=subject, resource_type="order", resource_id=order_id(ORDER))
    with rows.transaction() as connection:
        connection.execute("TRUNCATE dead_letter, trace")
        save_mapping(connection, THEIRS, f"# {SECRET_WORD}\n[attributes]\nct_orders = 'lifetime.orders'\n", now=now)
        audit.note(connection, THEIRS, admin_id="1", action="panel_saved", detail={"options": [SECRET_WORD]}, now=now)
        request_backfill(connection, THEIRS, now=now)
        letter = bury(connection, THEIRS, place, SECRET_WORD, now=now, answer={"said": SECRET_WORD})
        trace = Trace(
            step="read",
            subject=subject,
            resource_type="order",
            resource_id=order_id(ORDER),
            order_number=ORDER,
            correlation_id=CORRELATION,
            detail={"said": SECRET_WORD},
            at=now,
        )
        add_traces(connection, THEIRS, [trace])
    return Other(letter)


@pytest.fixture
def stranger(other: Other, hosted: Flask, platform: IntercomPlatform) -> Iterator[Admin]:
    """An admin of another workspace, with another shop, who knows all that can be known from outside."""
    with CommercetoolsStandIn.serve(fjord_shop()) as shop:
        admin = Admin(hosted, platform)
        admin.install(FJORD)
        admin.connect(shop)
        yield admin


def held(rows: Database) -> Mapping[str, Any]:
    """Every row of the other workspace, in every table."""
    with rows.transaction() as connection:
        tables = connection.execute(
            "SELECT DISTINCT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'installation' ORDER BY table_name"
        ).fetchall()
        own = [("installed", "id"), *((name, "installation") for (name,) in tables)]
        query = sql.SQL("SELECT to_jsonb(t)::text FROM {} t WHERE {} = %s ORDER BY 1")
        return {
            name: connection.execute(query.format(sql.Identifier(name), sql.Identifier(column)), [THEIRS]).fetchall()
            for name, column in own
        }


def ways(app: Flask, ids: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Every method and address of every route, with each of `ids` in each place of it."""
    adapter = app.url_map.bind("localhost")
    for rule in filter(_methods, app.url_map.iter_rules()):
        for arguments in _filled(rule, ids):
            address = adapter.build(rule.endpoint, arguments, method=_methods(rule)[0])
            yield from ((method, address) for method in _methods(rule))


def _methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def _filled(rule: Rule, ids: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """What each place of the route takes: one of few words where only those are possible, an id elsewhere."""
    choices = []
    for name in sorted(rule.arguments):
        converter = rule._converters[name]
        fixed = re.findall(r"\w+", converter.regex) if type(converter).__name__ == "AnyConverter" else ()
        fitting = tuple(each for each in (*fixed, *ids) if re.fullmatch(converter.regex, each))
        choices.append(tuple((name, each) for each in fitting))
    for combination in itertools.product(*choices):
        yield dict(combination)


def names_of_fields(app: Flask, *admins: Admin) -> list[str]:
    """Every field of every form that they are shown, and some more that a route might listen to."""
    pages = [address for method, address in ways(app, ()) if method == "GET" and address != "/metrics"]
    texts = [admin.get(page).text for admin in admins for page in pages]
    shown = {name for text in texts for name in re.findall(r'name="([^"]+)"', text)}
    return sorted((shown | GUESSED) - {"form_token"})


def filled_in(fields: list[str], ids: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Each of `ids` in all fields; and the first of them with each field left out, for one may stand for others."""
    yield from (dict.fromkeys(fields, each) for each in ids)
    yield from ({name: ids[0] for name in fields if name != left_out} for left_out in fields)


def token_of(stranger: Admin) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', stranger.get("/settings/shop").text)
    assert found
    return found[1]


def leaked(text: str) -> list[str]:
    return [word for word in (SECRET_WORD, NORDLICHT.name, *SHOP_WORDS) if word in text]


def test_the_other_workspace_has_what_could_be_found(other: Other, victim: Admin) -> None:
    """So that the tests below can fail."""
    pages = (
        f"/console/dead-letters/{other.letter}",
        f"/console/trace/order_number/{ORDER}",
        f"/console/trace/correlation_id/{CORRELATION}",
        "/console/audit",
        "/settings/mapping",
    )
    assert [page for page in pages if SECRET_WORD not in victim.get(page).text] == []


def test_no_address_shows_anything_of_another_workspace(
    other: Other, stranger: Admin, victim: Admin, hosted: Flask, rows: Database
) -> None:
    before = held(rows)
    fields = names_of_fields(hosted, stranger, victim)
    plain = set(ways(hosted, ()))
    for method, address in ways(hosted, other.ids):
        if method != "GET":
            continue
        for each in ("", *other.ids) if (method, address) in plain else ("",):
            query = dict.fromkeys(fields, each) if each else {}
            answer = stranger.browser.get(address, query_string=query, base_url=PUBLIC_URL)
            assert answer.status_code < 500, (address, each)
            assert leaked(answer.text) == [], (address, each)
    assert held(rows) == before


def test_no_form_changes_anything_of_another_workspace(
    other: Other, stranger: Admin, victim: Admin, hosted: Flask, rows: Database
) -> None:
    before = held(rows)
    fields = names_of_fields(hosted, stranger, victim)
    token = token_of(stranger)
    forms = [address for method, address in ways(hosted, other.ids) if method != "GET"]
    for address in sorted(forms, key=lambda each: each.endswith(("/disconnect", "/sign-out"))):
        for each in other.ids:
            form = dict.fromkeys(fields, each) | {"form_token": token, "act": "discard", "note": "mine"}
            answer = stranger.browser.post(address, data=form, base_url=PUBLIC_URL)
            assert answer.status_code < 500, (address, each)
            assert leaked(answer.text) == [], (address, each)
    assert held(rows) == before


def test_no_click_in_a_panel_opens_anything_of_another_workspace(other: Other, stranger: Admin, hosted: Flask) -> None:
    """With the very canvas of the other's panel, its stored data, and everything in it that can be clicked."""
    theirs = initialize_body(conversation("anna"))
    ours = dict(CONVERSATIONS[0].bodies[0])
    canvas = asked(hosted, "initialize", theirs)
    assert leaked(json.dumps(canvas)) != []
    moved = {"workspace_id": FJORD.id, "current_canvas": canvas["canvas"], "input_values": {"query": ORDER}}
    for asking in (ours, ours | {"contact": theirs["contact"]}, theirs):
        assert found_by_panel(hosted, "initialize", asking | moved) == []
        for component_id in clickable(canvas):
            clicked = asking | moved | {"component_id": component_id}
            assert found_by_panel(hosted, "submit", clicked) == [], component_id


def found_by_panel(app: Flask, flow: str, body: Mapping[str, Any]) -> list[str]:
    """What leaks, beside what was asked for in so many words."""
    return [word for word in leaked(json.dumps(asked(app, flow, body))) if word != ORDER]


def asked(app: Flask, flow: str, body: Mapping[str, Any]) -> dict[str, Any]:
    sent = json.dumps(body).encode()
    headers = {BODY_SIGNATURE_HEADER: sign_body(sent, CLIENT_SECRET), "Content-Type": "application/json"}
    answer = app.test_client().post(f"/canvas/{flow}", data=sent, headers=headers, base_url=PUBLIC_URL)
    assert answer.status_code == 200
    canvas: dict[str, Any] = answer.get_json()
    return canvas


def clickable(canvas: Mapping[str, Any]) -> list[str]:
    components = canvas["canvas"]["content"]["components"]
    every = [*components, *(item for component in components for item in component.get("items", ()))]
    return [each["id"] for each in every if each.get("action", {}).get("type") == "submit"]
