"""What Intercom posts to an app about its installations: the uninstall notice and the health check.

Both are signed with `X-Body-Signature` over the exact bytes.
https://developers.intercom.com/docs/publish-to-the-app-store/installation-health-check
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import requests

from clients.intercom.signatures import BODY_SIGNATURE_HEADER, sign_body
from sandbox.inbox.intercom_json import intercom_bytes
from sandbox.intercom.registration import Registration

PATIENCE_S: Final = 10.0
LONGEST: Final = 2_084  # characters of `message` and `cta_url`

Health = Literal["OK", "UNHEALTHY", "UNKNOWN"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One post and what came back. `status` None: no answer."""

    sent: bytes
    status: int | None
    answer: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A health check. `problem`: why Intercom cannot do anything with the answer; then there is no state."""

    told: Told
    state: Health | None = None
    message: str | None = None
    cta: Literal["URL_CTA", "REINSTALL_CTA"] | None = None
    cta_label: str | None = None
    cta_url: str | None = None
    problem: str | None = None


class Unfit(Exception):
    """An answer to the health check that does not keep to its description."""


def tell_uninstalled(app: Registration, workspace_id: str) -> Told:
    """The notice. Its key is `app_id`, though it names the workspace."""
    return _post(app, app.uninstall_url, {"app_id": workspace_id})


def check_health(app: Registration, workspace_id: str) -> Checked:
    """As Intercom does at least once a day for each workspace."""
    told = _post(app, app.health_url, {"workspace_id": workspace_id})
    if told.status != 200:
        return Checked(told=told, problem=f"answered with {told.status}" if told.status else "no answer")
    try:
        return _checked(told, told.answer)
    except Unfit as unfit:
        return Checked(told=told, problem=str(unfit))


def health_in(answer: Mapping[str, Any]) -> Checked:
    """A health that the app reports by itself. Raises `Unfit`."""
    return _checked(Told(sent=b"", status=None, answer=answer), answer)


def _checked(told: Told, answer: object) -> Checked:
    if not isinstance(answer, Mapping):
        raise Unfit("the answer is no JSON object")
    state, message, cta = answer.get("state"), _text(answer, "message", LONGEST), answer.get("cta_type")
    if state not in ("OK", "UNHEALTHY", "UNKNOWN"):
        raise Unfit(f"state is {state!r}, not OK, UNHEALTHY or UNKNOWN")
    if state == "UNHEALTHY" and not message:
        raise Unfit("UNHEALTHY needs a message")
    if cta not in (None, "URL_CTA", "REINSTALL_CTA"):
        raise Unfit(f"cta_type is {cta!r}, not URL_CTA or REINSTALL_CTA")
    label, url = _text(answer, "cta_label"), _text(answer, "cta_url", LONGEST)
    if cta == "URL_CTA" and not (label and url):
        raise Unfit("URL_CTA needs cta_label and cta_url")
    return Checked(told=told, state=state, message=message, cta=cta, cta_label=label, cta_url=url)


def _text(answer: Mapping[str, Any], name: str, longest: int | None = None) -> str | None:
    value = answer.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Unfit(f"{name} is no text")
    if longest is not None and len(value) > longest:
        raise Unfit(f"{name} has {len(value)} characters, and {longest} are allowed")
    return value


def _post(app: Registration, url: str, body: Mapping[str, Any]) -> Told:
    sent = intercom_bytes(body)
    if not url:
        return Told(sent=sent, status=None, answer=None)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        BODY_SIGNATURE_HEADER: sign_body(sent, app.client_secret),
    }
    try:
        response = requests.post(url, data=sent, headers=headers, timeout=PATIENCE_S, allow_redirects=False)
    except requests.RequestException:
        return Told(sent=sent, status=None, answer=None)
    try:
        return Told(sent=sent, status=response.status_code, answer=response.json())
    except requests.JSONDecodeError:
        return Told(sent=sent, status=response.status_code, answer=response.text)
