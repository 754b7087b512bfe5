"""Requests as they go over the wire: panels that are opened, and the question behind one, asked without us."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from sandbox.commercetools.tokens import ApiClient
from sandbox.conversations import sample_conversations
from sandbox.inbox.intercom_json import body_signature, intercom_bytes
from sandbox.shop import SampleShop, sample_shop

SECRET: Final = "benchmark-secret"


def opened(body: Mapping[str, Any]) -> bytes:
    """The signed request with which Intercom opens the panel."""
    content = intercom_bytes(body)
    headers = {"Content-Type": "application/json; charset=utf-8", "X-Body-Signature": body_signature(content, SECRET)}
    return post("/canvas/initialize", headers, content)


def post(path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """The bytes of a POST request."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii") + body


def bodies_by_id() -> tuple[Mapping[str, Any], ...]:
    """Initialize bodies of sample conversations whose contact carries the id of a customer; one for each contact."""
    found = {
        body["contact"]["id"]: body
        for conversation in sample_conversations()
        for body in conversation.bodies
        if _has_account(body)
    }
    return tuple(found.values())


def bodies_by_email() -> tuple[Mapping[str, Any], ...]:
    """The same people, as contacts whose e-mail address is all that is known."""
    return tuple(_without_id(body) for body in bodies_by_id() if body["contact"]["email"])


def _without_id(body: Mapping[str, Any]) -> Mapping[str, Any]:
    in_conversation = [{**each, "external_id": None} for each in body["conversation"]["contacts"]["contacts"]]
    contacts = {**body["conversation"]["contacts"], "contacts": in_conversation}
    return {
        **body,
        "contact": {**body["contact"], "external_id": None},
        "conversation": {**body["conversation"], "contacts": contacts},
    }


def token_request(client: ApiClient) -> bytes:
    """Asks the stand-in for an access token."""
    basic = base64.b64encode(f"{client.client_id}:{client.client_secret}".encode()).decode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": f"Basic {basic}"}
    return post("/oauth/token", headers, b"grant_type=client_credentials")


def bare_question(question: Mapping[str, Any], project_key: str, token: str) -> bytes:
    """The very request that the product sent: `question` is how the stand-in recorded it."""
    body = {
        "query": question["query"],
        "operationName": question["operation"],
        "variables": question["variables"],
    }
    headers = {"Content-Type": "application/json", "Accept": "application/json", "Authorization": f"Bearer {token}"}
    return post(f"/{project_key}/graphql", headers, json.dumps(body).encode("ascii"))


def _has_account(body: Mapping[str, Any]) -> bool:
    contact = body.get("contact")
    customer_id = contact.get("external_id") if isinstance(contact, Mapping) else None
    return isinstance(customer_id, str) and _shop().get("customer", customer_id) is not None


@cache
def _shop() -> SampleShop:
    return sample_shop()
