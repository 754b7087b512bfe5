"""The bytes that Intercom sends, and the signature over them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.inbox.intercom_json import body_signature, intercom_bytes


def test_html_is_escaped_as_in_captured_bodies() -> None:
    assert intercom_bytes({"body": "<p>Fish & chips</p>"}) == (
        b'{"body":"\\u003cp\\u003eFish \\u0026 chips\\u003c/p\\u003e"}'
    )


def test_letters_outside_ascii_stay_as_they_are() -> None:
    assert intercom_bytes({"name": "山田 花子"}) == '{"name":"山田 花子"}'.encode()


@settings(max_examples=60)
@given(st.dictionaries(st.text(max_size=8), st.text(max_size=20)))
def test_escaping_changes_the_bytes_and_not_the_meaning(body: dict[str, str]) -> None:
    sent = intercom_bytes(body)
    assert json.loads(sent) == body
    assert not set(b"<>&") & set(sent)


@pytest.mark.parametrize(
    ("body", "signature"),
    [
        (b'{"workspace_id":"abc123"}', "d5bda40290df5cc77ea7f774b5e9a36b96b9d6b8226e28343d41af8d20f9e479"),
        (b'{"app_id":"abc123"}', "69201edff0e33daafc30290239e4bcaee9ac6680b46907494b5664395f9052c9"),
    ],
)
def test_the_signature_is_hmac_sha256_in_hex(body: bytes, signature: str) -> None:
    assert body_signature(body, "test-client-secret") == signature
