"""Consent: where it is asked for, the code as it came, and whose token it is."""

from __future__ import annotations

import pytest

from clients.errors import BadAnswer
from clients.intercom.oauth import Hosts, OAuth, code_of, identity_of
from clients.intercom.settings import Region
from clients.wire.http import Http

OAUTH = OAuth(client_id="a b", client_secret="secret", hosts=Hosts(), http=Http())
ME = {
    "type": "admin",
    "id": 814,
    "name": "Anna",
    "email_verified": True,
    "app": {"id_code": "abc123", "name": "Acme", "region": "EU", "timezone": "Europe/Berlin"},
}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (b"code=abc=&state=x", "abc="),
        (b"state=x&code=abc%3D%3D", "abc=="),
        (b"code=a+b/c%2Bd", "a+b/c+d"),
        (b"code=a=b=c", "a=b=c"),
        (b"code=&state=x", None),
        (b"code", None),
        (b"codes=abc", None),
        (b"", None),
    ],
)
def test_a_code_stays_as_it_came(query: bytes, code: str | None) -> None:
    assert code_of(query) == code


def test_consent_is_asked_for_with_the_apps_id_and_the_state() -> None:
    url = OAUTH.authorize_url(Region.AU, state="x&y")
    assert url == "https://app.au.intercom.com/oauth?client_id=a+b&state=x%26y"


def test_an_installation_ends_in_the_app_store() -> None:
    assert OAUTH.store_url(Region.US) == "https://app.intercom.com/appstore/redirect?install_success=true"
    assert OAUTH.store_url(Region.EU, error="no & no").endswith("install_success=false&error_message=no+%26+no")


def test_who_gave_consent_is_read() -> None:
    who = identity_of(ME)
    assert (who.workspace_id, who.region, who.time_zone, who.admin_id) == ("abc123", Region.EU, "Europe/Berlin", "814")
    assert who.is_verified


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_only_true_is_verified(verified: object) -> None:
    assert not identity_of(ME | {"email_verified": verified}).is_verified


def test_an_unknown_region_is_none() -> None:
    assert identity_of(ME | {"app": {"id_code": "abc123", "region": "Moon"}}).region is None


@pytest.mark.parametrize("body", [None, [], "x", {}, {"id": "1"}, {"id": "1", "app": None}, {"app": {"id_code": "a"}}])
def test_what_is_no_admin_of_a_workspace_is_refused(body: object) -> None:
    with pytest.raises(BadAnswer):
        identity_of(body)


def test_the_secret_is_not_shown() -> None:
    assert "secret" not in repr(OAUTH)
