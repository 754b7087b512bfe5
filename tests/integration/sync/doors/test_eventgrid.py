"""`OPTIONS, POST /ingest/eventgrid`: handshakes, events, batches, and who has the key."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.storage.database import Database
from tests.integration.sync.doors.house import House, hinted, letters, mail


@pytest.mark.parametrize("in_header", [True, False], ids=["header", "query"])
def test_an_event_is_a_hint_before_it_is_acknowledged(doors: House, kept: Database, in_header: bool) -> None:
    told = mail()
    assert replace(doors.eventgrid, in_header=in_header).post(told.cloud_event()) == 204
    assert hinted(kept) == [(told.id, "eventgrid")]


def test_a_batch_is_taken_whole(doors: House, kept: Database) -> None:
    told = [mail() for _ in range(25)]
    assert doors.eventgrid.post(*(each.cloud_event() for each in told)) == 204
    assert sorted(id_ for id_, _ in hinted(kept)) == sorted(each.id for each in told)


def test_the_key_of_before_is_good_while_it_is_replaced(doors: House) -> None:
    assert replace(doors.eventgrid, key="the-key-before-it").post(mail().cloud_event()) == 204


@pytest.mark.parametrize("key", [None, "", "the-key", "the-key-of-event-grid-in-these-tests ", "ключ"])
@pytest.mark.parametrize("in_header", [True, False], ids=["header", "query"])
def test_a_wrong_key_opens_nothing(doors: House, kept: Database, key: str | None, in_header: bool) -> None:
    if in_header and key is not None:
        key = key.strip() if key.isascii() else "k\xe9y"  # what a header can hold
        key = "x" if key == "the-key-of-event-grid-in-these-tests" else key
    courier = replace(doors.eventgrid, key=key, in_header=in_header)
    assert courier.post(mail().cloud_event()) == 401
    assert (hinted(kept), letters(kept), doors.count("eventgrid", "refused")) == ([], [], 1)


def test_a_handshake_is_granted(doors: House) -> None:
    answer = doors.eventgrid.shake_hands()
    assert answer.status_code == 200
    assert answer.headers["WebHook-Allowed-Origin"] == "eventgrid.azure.net"
    assert answer.headers["WebHook-Allowed-Rate"] == "*"


def test_a_handshake_with_a_wrong_key_is_refused(doors: House) -> None:
    assert replace(doors.eventgrid, key="wrong").shake_hands().status_code == 401


@pytest.mark.parametrize("origin", ["", "two words", "<script>"])
def test_an_origin_that_is_no_host_is_not_repeated(doors: House, origin: str) -> None:
    assert "WebHook-Allowed-Origin" not in doors.eventgrid.shake_hands(origin).headers


VALIDATION = (
    b'[{"id": "1", "topic": "t", "subject": "", "data": {"validationCode": "512d38b6"}, "eventTime": "2026-11-23",'
    b' "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent", "dataVersion": "1"}]'
)


def test_the_older_validation_is_answered(doors: House, kept: Database) -> None:
    answer = doors.eventgrid.send(VALIDATION)
    assert (answer.status_code, answer.json()) == (200, {"validationResponse": "512d38b6"})
    assert letters(kept) == []


def test_the_older_validation_needs_the_key(doors: House) -> None:
    assert replace(doors.eventgrid, key="wrong").send(VALIDATION).status_code == 401


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'{"specversion": "1.0", "data": "x"}', b"[" * 100_000])
def test_any_rubbish_is_a_dead_letter_and_acknowledged(doors: House, kept: Database, body: bytes) -> None:
    assert doors.eventgrid.send(body).status_code == 204
    assert len(letters(kept)) == 1


def test_a_batch_that_is_ours_in_part_is_taken_in_part(doors: House, kept: Database) -> None:
    ours, theirs = mail(), mail(project_key="shop-of-others")
    assert doors.eventgrid.post(ours.cloud_event(), theirs.cloud_event()) == 204
    assert hinted(kept) == [(ours.id, "eventgrid")]


def test_a_body_over_the_limit_gets_413(doors: House, kept: Database) -> None:
    assert doors.eventgrid.send(b" " * (1024 * 1024 + 1)).status_code == 413
    assert hinted(kept) == []


def test_a_body_of_unknown_length_over_the_limit_gets_413(doors: House, kept: Database) -> None:
    courier = doors.eventgrid
    answer = courier.session.post(
        courier.door, params={"key": courier.key}, data=iter([b" " * 65_536] * 20), timeout=60
    )
    assert answer.status_code == 413
    assert hinted(kept) == []
