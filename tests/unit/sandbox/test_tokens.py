"""Tokens are minted by client credentials and are good until their time is over."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from sandbox.commercetools.switches import Switches
from sandbox.commercetools.tokens import ApiClient, TokenDoor

CLIENT = ApiClient("nordlicht-demo")
FORM = b"grant_type=client_credentials"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def authorization(client_id: str = CLIENT.client_id, secret: str = CLIENT.client_secret) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


def minted(door: TokenDoor, form: bytes = FORM, switches: Switches | None = None) -> dict[str, Any]:
    answer = door.answer(authorization(), form, switches or Switches())
    assert answer.status == 200
    token: dict[str, Any] = json.loads(answer.body)
    return token


def test_a_token_is_good_until_its_time_is_over() -> None:
    clock = Clock()
    door = TokenDoor(CLIENT, clock)
    token = minted(door, switches=Switches(token_lifetime_s=3600))
    clock.now = 3599.0
    assert door.scopes_of(token["access_token"]) == CLIENT.scopes
    clock.now = 3600.0
    assert door.scopes_of(token["access_token"]) is None


def test_a_token_of_a_client_without_a_scope_lacks_it() -> None:
    door = TokenDoor(CLIENT, Clock())
    token = minted(door, switches=Switches(missing_scopes=frozenset({"view_payments"})))
    assert "view_payments:nordlicht-demo" not in token["scope"]
    assert "view_orders:nordlicht-demo" in token["scope"]


def test_two_tokens_differ() -> None:
    door = TokenDoor(CLIENT, Clock())
    assert minted(door)["access_token"] != minted(door)["access_token"]
    assert door.minted == 2


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer abc"},
        {"Authorization": "Basic"},
        {"Authorization": "Basic !!!"},
        {"Authorization": "Basic /////w=="},
        authorization(secret="wrong"),
        authorization(client_id="wrong"),
    ],
)
def test_who_does_not_show_the_clients_credentials_gets_no_token(headers: dict[str, str]) -> None:
    answer = TokenDoor(CLIENT, Clock()).answer(headers, FORM, Switches())
    assert answer.status == 401
    assert json.loads(answer.body)["error"] == "invalid_client"


@pytest.mark.parametrize(
    ("form", "code"),
    [
        (b"", "unsupported_grant_type"),
        (b"grant_type=password", "unsupported_grant_type"),
        (b"grant_type=client_credentials&scope=manage_project:nordlicht-demo", "invalid_scope"),
        (b"grant_type=client_credentials&scope=view_orders:another-project", "invalid_scope"),
        (b"\xff\xfe", "unsupported_grant_type"),
    ],
)
def test_a_request_that_the_platform_would_refuse(form: bytes, code: str) -> None:
    answer = TokenDoor(CLIENT, Clock()).answer(authorization(), form, Switches())
    assert answer.status == 400
    assert json.loads(answer.body)["errors"][0]["code"] == code
