"""Only Intercom's own bytes, signed with our secret, in the scheme of that door."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.intercom.signatures import sign_body, sign_hub, verify_body_signature, verify_hub_signature

SECRET = "test-client-secret"
BODY = b'{"workspace_id":"abc123"}'
BODY_SIGNATURE = "d5bda40290df5cc77ea7f774b5e9a36b96b9d6b8226e28343d41af8d20f9e479"
HUB_SIGNATURE = "sha1=d2b10624427a9817c46153a699e6a0ca482ce819"


@pytest.mark.parametrize(
    ("body", "signature"),
    [
        (BODY, BODY_SIGNATURE),
        (b'{"app_id":"abc123"}', "69201edff0e33daafc30290239e4bcaee9ac6680b46907494b5664395f9052c9"),
    ],
)
def test_a_body_signature_is_the_hex_of_hmac_sha256(body: bytes, signature: str) -> None:
    assert sign_body(body, SECRET) == signature


@pytest.mark.parametrize(
    ("body", "signature"),
    [
        (BODY, HUB_SIGNATURE),
        (b'{"app_id":"abc123"}', "sha1=ab81aa2a165d31655dd90ec9a4f5f8537cb2624f"),
    ],
)
def test_a_hub_signature_is_sha1_and_the_hex_of_hmac_sha1(body: bytes, signature: str) -> None:
    assert sign_hub(body, SECRET) == signature


def test_a_signed_body_is_accepted() -> None:
    assert verify_body_signature(BODY, BODY_SIGNATURE, [SECRET])


def test_a_signed_webhook_is_accepted() -> None:
    assert verify_hub_signature(BODY, HUB_SIGNATURE, [SECRET])


@pytest.mark.parametrize("secrets", [["new", SECRET], [SECRET, "old"]])
def test_any_of_several_secrets_is_accepted(secrets: list[str]) -> None:
    assert verify_body_signature(BODY, BODY_SIGNATURE, secrets)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(None, id="missing"),
        pytest.param("", id="empty"),
        pytest.param(BODY_SIGNATURE[:-1], id="a digit short"),
        pytest.param(BODY_SIGNATURE + "0", id="a digit long"),
        pytest.param(BODY_SIGNATURE.upper(), id="upper case"),
        pytest.param("sha256=" + BODY_SIGNATURE, id="prefixed"),
        pytest.param(" " + BODY_SIGNATURE, id="padded"),
        pytest.param(HUB_SIGNATURE, id="the webhooks' scheme"),
        pytest.param(HUB_SIGNATURE.removeprefix("sha1="), id="the webhooks' digest"),
        pytest.param("ü" * 64, id="not ASCII"),
        pytest.param("\udcff" * 64, id="undecodable bytes"),
        pytest.param(sign_body(BODY, "another secret"), id="another secret"),
    ],
)
def test_no_other_header_signs_a_body(header: str | None) -> None:
    assert not verify_body_signature(BODY, header, [SECRET])


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        BODY_SIGNATURE,
        HUB_SIGNATURE.removeprefix("sha1="),
        HUB_SIGNATURE.upper(),
        HUB_SIGNATURE.replace("sha1=", "sha256="),
        HUB_SIGNATURE + "0",
        "sha1=" + "é" * 40,
    ],
)
def test_no_other_header_signs_a_webhook(header: str | None) -> None:
    assert not verify_hub_signature(BODY, header, [SECRET])


def test_a_body_written_again_has_lost_its_signature() -> None:
    raw = b'{"source":{"body":"\\u003cp\\u003eHi\\u003c/p\\u003e"}}'
    rewritten = json.dumps(json.loads(raw), separators=(",", ":")).encode()
    assert not verify_body_signature(rewritten, sign_body(raw, SECRET), [SECRET])


@pytest.mark.parametrize("secrets", [[], [""]])
def test_without_a_secret_nothing_is_accepted(secrets: list[str]) -> None:
    assert not verify_body_signature(BODY, sign_body(BODY, ""), secrets)


def test_without_a_secret_no_webhook_is_accepted() -> None:
    assert not verify_hub_signature(BODY, sign_hub(BODY, ""), [""])


@given(body=st.binary(max_size=200), at=st.integers(0), bit=st.integers(0, 7))
def test_one_bit_flipped_is_refused(body: bytes, at: int, bit: int) -> None:
    signature = sign_body(body, SECRET)
    changed = bytearray(body or b"\0")
    changed[at % len(changed)] ^= 1 << bit
    assert not verify_body_signature(bytes(changed), signature, [SECRET])


@given(header=st.text(max_size=80))
def test_rubbish_in_the_header_is_refused_quietly(header: str) -> None:
    assert not verify_body_signature(BODY, header, [SECRET])
