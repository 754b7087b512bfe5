"""The console's pages: what they say, what their forms do, and that nobody sees or changes what is another's."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from flask import Flask

from sync.console.trace import Key, timeline
from sync.storage.audit import recent
from sync.storage.database import Database
from sync.storage.dead_letters import NOTIFICATION, Place, bury
from sync.storage.installations import SINGLE
from tests.integration.canvas_app.console.conftest import EMAIL, GUESTS, World
from tests.integration.canvas_app.console.pages import Reader, console_app, reader, words_of

PAGES = ("/console/", "/console/health", "/console/trace", "/console/dead-letters", "/console/audit")
LETTERS = "/console/dead-letters"


def customers_page(world: World) -> str:
    return f"/console/trace/subject/{quote(world.subject, safe=':')}"


def bury_one(world: World, *, part: str = "read", installation: str = SINGLE, id_: str = "order-1") -> int:
    with world.running.database.transaction() as connection:
        place = Place(part=part, resource_type="order", resource_id=id_)
        answer = {"reason": "HTTP 400", "said": f"no {id_} for …@…"}
        return bury(connection, installation, place, "rejected", now=datetime.now(UTC), answer=answer)


def state_of(world: World, id_: int) -> str:
    with world.running.database.transaction() as connection:
        row = connection.execute("SELECT state FROM dead_letter WHERE id = %s", (id_,)).fetchone()
    assert row is not None
    return str(row[0])


def test_every_page_is_served_to_an_admin_and_leads_everybody_else_to_the_sign_in(app: Flask, admin: Reader) -> None:
    for path in (*PAGES, f"{LETTERS}/1", "/console/trace/order_number/1"):
        assert app.test_client().get(path).location.startswith("/sign-in"), path
    for path in PAGES:
        answer = admin.get(path)
        assert answer.status_code == 200, path
        assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
        assert not re.search(r"<script(?! src)|\sstyle=|\son\w+=", answer.text), path


def test_health_names_both_neighbours_the_queue_and_the_allowance(admin: Reader) -> None:
    said = admin.words("/console/health")
    for words in ("commercetools Answers", "Intercom Answers", "nobody waits", "Intercom's allowance", "Orders"):
        assert words in said
    assert admin.get("/console/health/figures").text.count("<svg") >= 3


def test_an_installation_that_never_worked_gets_empty_pages(stranger: Reader) -> None:
    assert "Nothing has happened yet" in stranger.words("/console/health")
    assert "No dead letters" in stranger.words(LETTERS)
    assert "Nothing was done yet" in stranger.words("/console/audit")


def test_an_address_leads_to_the_customer_and_is_in_no_link(admin: Reader, world: World) -> None:
    answer = admin.submit("/console/trace", "/console/trace", typed=EMAIL)
    assert answer.status_code == 303
    assert unquote(answer.location) == unquote(customers_page(world))
    shown = admin.get(answer.location).text
    assert EMAIL not in shown
    assert "@example.com" not in shown


def test_what_nobody_knows_is_said_to_be_unknown_and_kept_in_the_form_alone(admin: Reader) -> None:
    answer = admin.submit("/console/trace", "/console/trace", typed="nobody@example.com")
    assert answer.status_code == 404
    assert "Nothing is known by this name" in words_of(answer)
    assert 'value="nobody@example.com"' in answer.text


def test_a_customers_page_tells_where_every_attribute_comes_from(admin: Reader, world: World) -> None:
    shown = admin.get(customers_page(world)).text
    held = {name: value for name, value in world.running.attributes_of(world.customer).items() if value is not None}
    rows = [
        unescape(re.sub(r"<[^>]+>", " ", row)) for row in re.findall(r"<tr>\s*<th scope=\"row\">.*?</tr>", shown, re.S)
    ]
    for name, value in held.items():
        (row,) = [row for row in rows if name in row.replace(" ", "")]
        rule = next(rule for rule in world.running.at.mapping.attributes if rule.name == name)
        assert str(value) in row
        assert rule.expression.text in row.replace(" ", "")
        assert "200" in row
        assert "heard from the poll" in row


def test_every_entry_of_a_trace_is_shown_with_the_answers_that_it_heard(admin: Reader, world: World) -> None:
    shown = admin.get(customers_page(world)).text
    with world.running.database.transaction() as connection:
        entries = timeline(connection, SINGLE, Key.SUBJECT, world.subject).entries
    for entry in entries:
        assert f'id="{entry.kind}-{entry.id}"' in shown
        assert all(answer.reference in shown for answer in entry.answers if answer.reference)


def test_orders_resources_and_correlation_ids_have_pages_of_their_own(admin: Reader, world: World) -> None:
    for typed in (world.number, world.order):
        assert "Sent the event order-placed" in admin.followed(
            admin.submit("/console/trace", "/console/trace", typed=typed)
        )
    run = re.findall(r"/console/trace/correlation_id/(\w+)", admin.get(customers_page(world)).text)[0]
    assert "Read the" in admin.words(f"/console/trace/correlation_id/{run}")


@pytest.mark.parametrize("older", ["x", "~~", "9" * 40, "-1", "2026~step~1"])
def test_a_page_that_nobody_was_led_to_is_not_there(admin: Reader, world: World, older: str) -> None:
    for path in (customers_page(world), f"/console/trace/order_number/{world.number}"):
        assert admin.get(f"{path}?older={older}").status_code == 404


def test_another_installations_ids_lead_nowhere(admin: Reader, stranger: Reader, world: World) -> None:
    letter = bury_one(world, id_="private-order")
    run = re.findall(r"/console/trace/correlation_id/(\w+)", admin.get(customers_page(world)).text)[0]
    for path in (
        customers_page(world),
        f"/console/trace/order_number/{world.number}",
        f"/console/trace/resource/{world.order}",
        f"/console/trace/correlation_id/{run}",
        f"{LETTERS}/{letter}",
    ):
        assert admin.get(path).status_code == 200, path
        answer = stranger.get(path)
        assert answer.status_code == 404, path
        assert world.customer not in answer.text.replace(path, "")
    for typed in (EMAIL, world.customer, world.number, world.order, run):
        assert stranger.submit("/console/trace", "/console/trace", typed=typed).status_code == 404
    assert "None is like that" in stranger.words(f"{LETTERS}?text=private-order&state=all")


@pytest.mark.parametrize("act", ["replay", "discard"])
def test_another_installations_dead_letters_stay_as_they_are(stranger: Reader, world: World, act: str) -> None:
    letter = bury_one(world, id_=f"not-yours-{act}")
    answer = stranger.submit("/console/trace", f"{LETTERS}/decide", act=act, letter=str(letter), note="mine now")
    assert "0 dead letters" in stranger.followed(answer)
    stranger.submit("/console/trace", f"{LETTERS}/decide", act=act, everything="on", of_state="all", note="mine now")
    assert state_of(world, letter) == "open"
    assert "Nothing was done yet" in stranger.words("/console/audit")


@pytest.mark.parametrize("path", ["/console/trace", f"{LETTERS}/search", f"{LETTERS}/decide"])
def test_a_form_of_somebody_elses_page_is_refused(admin: Reader, stranger: Reader, world: World, path: str) -> None:
    letter = bury_one(world, id_="forged")
    token = re.findall(r'name="form_token" value="([^"]*)"', stranger.get("/console/trace").text)[0]
    for form in ({}, {"form_token": "x"}, {"form_token": token}):
        sent = {"typed": EMAIL, "act": "replay", "letter": str(letter)} | form
        assert admin.browser.post(path, data=sent).status_code == 403
    assert state_of(world, letter) == "open"


def test_a_dead_letter_is_found_read_and_discarded_with_a_reason_that_is_kept(admin: Reader, world: World) -> None:
    letter = bury_one(world, id_="to-be-read")
    listed = admin.followed(admin.submit(LETTERS, f"{LETTERS}/search", state="open", text="to-be-read"))
    assert "1 dead letter" in listed
    page = f"{LETTERS}/{letter}"
    assert "no to-be-read for …@…" in admin.words(page)
    without = admin.submit(page, f"{LETTERS}/decide", act="discard", letter=str(letter))
    assert without.status_code == 422
    assert state_of(world, letter) == "open"
    answer = admin.submit(page, f"{LETTERS}/decide", act="discard", letter=str(letter), note="a test <order>")
    assert "1 dead letter discarded." in admin.followed(answer)
    assert "a test <order>" in admin.words(page)
    assert "Dead letters discarded You" in admin.words("/console/audit")
    assert "a test <order>" in admin.words("/console/audit")


def test_an_address_in_the_search_for_dead_letters_becomes_whose_it_is(admin: Reader, world: World) -> None:
    answer = admin.submit(LETTERS, f"{LETTERS}/search", text=EMAIL)
    assert "example.com" not in unquote(answer.location)
    assert world.customer in answer.location


def test_a_notification_is_left_as_it_is_when_all_are_tried_again(admin: Reader, world: World) -> None:
    letter = bury_one(world, part=NOTIFICATION, id_="unreadable")
    answer = admin.submit(LETTERS, f"{LETTERS}/decide", act="replay", letter=str(letter))
    assert "1 left as it is" in admin.followed(answer)
    assert state_of(world, letter) == "open"
    assert 'value="replay"' not in admin.get(f"{LETTERS}/{letter}").text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 400),
        ({"act": "erase", "letter": "1"}, 400),
        ({"act": "replay"}, 422),
        ({"act": "replay", "letter": "x"}, 422),
        ({"act": "replay", "letter": "9" * 60}, 422),
        ({"act": "replay", "letter": "-1"}, 422),
    ],
)
def test_rubbish_in_a_decision_changes_nothing(admin: Reader, world: World, form: dict[str, str], status: int) -> None:
    assert admin.submit(LETTERS, f"{LETTERS}/decide", **form).status_code == status


@pytest.mark.parametrize(
    "path",
    [
        f"{LETTERS}?state=nonsense&before=x",
        f"{LETTERS}?before=-5",
        f"{LETTERS}?before={'9' * 40}",
        f"{LETTERS}?text=%00%25_%5C'",
        f"{LETTERS}?part={'x' * 5000}",
        "/console/audit?before=x",
        f"/console/audit?before={'9' * 40}",
    ],
)
def test_rubbish_in_an_address_is_an_ordinary_page(admin: Reader, path: str) -> None:
    assert admin.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", [f"{LETTERS}/{'9' * 40}", f"{LETTERS}/0", "/console/trace/nobody/x", "/console/trace/subject/%00"]
)
def test_what_is_not_there_is_said_so(admin: Reader, path: str) -> None:
    assert admin.get(path).status_code == 404


def test_replaying_five_hundred_dead_letters_sends_every_event_once(admin: Reader, world: World) -> None:
    running = world.running
    refused = sorted({letter.subject or "" for letter in world.letters() if letter.part == "events"})
    assert len(refused) == GUESTS
    with running.database.transaction() as connection:
        for subject in refused:
            for part in ("contact", "attributes", "tags", "update"):
                bury(connection, SINGLE, Place(part=part, subject=subject), "rejected", now=datetime.now(UTC))
    before, due = running.intercom.log.accepted["POST /events"], refused_events(running.database)
    chosen = [str(letter.id) for letter in world.letters() if letter.subject in set(refused)]
    assert len(chosen) == 500
    form = {"act": "replay", "letter": chosen}
    assert "500 dead letters handed to the worker" in admin.followed(admin.submit(LETTERS, f"{LETTERS}/decide", **form))
    assert "500 left as they are" in admin.followed(admin.submit(LETTERS, f"{LETTERS}/decide", **form))
    assert running.settled(within=120.0)
    assert running.intercom.log.accepted["POST /events"] - before == due
    assert set(running.intercom.workspace.events.accepted.values()) == {1}
    assert [letter for letter in world.letters() if letter.subject in set(refused)] == []
    assert refused_events(running.database) == 0
    with running.database.transaction() as connection:
        noted = [row for row in recent(connection, SINGLE, limit=50) if row.action == "dead_letters_replayed"]
    assert sum(len(row.detail["letters"]) for row in noted) == 500


def refused_events(database: Database) -> int:
    with database.transaction() as connection:
        row = connection.execute("SELECT count(*) FROM intent WHERE state = 'refused'").fetchone()
    assert row is not None
    return int(row[0])


def test_without_the_database_each_page_says_so_calmly(database_away: Reader) -> None:
    for path in PAGES:
        answer = database_away.get(path)
        if path == "/console/trace":
            continue  # asks nothing
        assert answer.status_code == 503, path
        assert "Nothing was lost" in words_of(answer)
        assert "Traceback" not in answer.text


@pytest.fixture
def database_away(shared_database: Database) -> Reader:
    """Signed in while it was there."""
    gone = Database.open(shared_database.url, var=Path("var"))
    signed_in = reader(console_app(gone), SINGLE)
    gone.close()
    return signed_in
