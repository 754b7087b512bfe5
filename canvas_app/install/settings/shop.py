"""Connecting commercetools: checked against the project itself before anything is stored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import datetime
from io import StringIO
from typing import Final
from urllib.parse import urlsplit

from dotenv import dotenv_values
from flask import Blueprint, Response, request

from canvas_app.install.desk import desk
from canvas_app.install.settings.changing import described, editable, noted
from canvas_app.pages.rendering import go_to, render
from canvas_app.pages.site import site
from clients.commercetools.settings import ShopSettings
from clients.commercetools.source import ShopSource
from clients.deadline import Call, Deadline
from clients.wire.hosts import is_loopback
from clients.wire.http import Http
from sync.credentials import seal_shop
from sync.doctor.findings import Finding, Level
from sync.doctor.shop import shop_findings
from sync.environment import Problem
from sync.logs import correlation_id
from sync.settings import API_URL, AUTH_URL, CLIENT_SECRET, SHOP_VARIABLES, foreign_scopes, shop_settings
from sync.storage.forgetting import start_over
from sync.storage.installed import OtherShop, connect_shop, disconnect_shop

CALL_SECONDS: Final = 8.0  # for each question
_MOST_PASTED: Final = 20_000
_VENDORS: Final = re.compile(r"([a-z0-9-]+\.)+commercetools\.(com|cn)")

NAMES: Final = tuple(each.name for each in SHOP_VARIABLES)


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/shop", "shop", _show)
    blueprint.add_url_rule("/shop", "shop_connect", _connect, methods=["POST"])
    blueprint.add_url_rule("/shop/disconnect", "shop_disconnect", _disconnect, methods=["POST"])


def _show() -> Response:
    return _page({}, (), ())


def _page(
    given: Mapping[str, str],
    problems: Iterable[Problem],
    findings: Iterable[Finding],
    status: int = 200,
    *,
    may_start_over: bool = False,
) -> Response:
    """Secrets that were typed are not shown again."""
    return render(
        "settings/shop.html",
        status,
        at=described(),
        given={name: "" if name == CLIENT_SECRET.name else given.get(name, "") for name in NAMES},
        problems=tuple(problems),
        findings=tuple(findings),
        may_start_over=may_start_over,
    )


def _connect() -> Response:
    at = editable()
    given = given_values(request.form)
    if problems := problems_of(given, may_be_here=_is_here(site().public_url)):
        return _page(given, problems, (), 422)
    settings = shop_settings(given)
    findings = looked_at(settings, now=site().now())
    if any(each.level is Level.FAILED for each in findings):
        return _page(given, (), findings, 422)
    if "start_over" in request.form and start_over(desk().database.database(), at.id):
        with site().storage.transaction() as connection:
            noted(connection, "started_over", {})
    try:
        _store(at.id, given, settings)
    except OtherShop as error:
        return _page(
            given, (_other_shop(error.held, is_connected=at.is_connected),), (), 409, may_start_over=not at.is_connected
        )
    missing = [each.what for each in findings if each.level is Level.WARNING]
    if missing:
        return go_to(
            "settings.shop",
            say=f"Connected to {settings.project_key}. Worth a look: {', '.join(missing)}.",
            tone="warn",
        )
    return go_to("settings.overview", say=f"Connected to the project {settings.project_key}.")


def _store(installation: str, given: Mapping[str, str], settings: ShopSettings) -> None:
    now = site().now()
    with site().storage.transaction() as connection:
        sealed = seal_shop(desk().seal, installation, given)
        connect_shop(connection, installation, shop=sealed, project_key=settings.project_key, now=now)
        noted(connection, "shop_connected", {"project": settings.project_key})


def _disconnect() -> Response:
    at = editable()
    with site().storage.transaction() as connection:
        disconnect_shop(connection, at.id, now=site().now())
        noted(connection, "shop_disconnected", {})
    return go_to("settings.shop", say="Disconnected. The credentials are forgotten; nothing is read or sent any more.")


def given_values(form: Mapping[str, str]) -> dict[str, str]:
    """The six values, pasted as the Merchant Center's `.env` or typed one by one; what is typed wins."""
    pasted = dotenv_values(stream=StringIO(form.get("env", "")[:_MOST_PASTED]), interpolate=False)
    values = {name: form.get(name, "").strip() or (pasted.get(name) or "").strip() for name in NAMES}
    return {name: value for name, value in values.items() if value}


def problems_of(given: Mapping[str, str], *, may_be_here: bool) -> tuple[Problem, ...]:
    """What is wrong before anybody is asked. `may_be_here`: this machine itself may be the shop, as in the sandbox."""
    own = tuple(problem for each in SHOP_VARIABLES for problem in each.problems(given))
    return own or (*foreign_scopes(given), *_foreign_hosts(given, may_be_here=may_be_here))


def _foreign_hosts(given: Mapping[str, str], *, may_be_here: bool) -> tuple[Problem, ...]:
    """Whoever installs the app must not make this service ask around in the network that it runs in."""
    hosts = ((each, urlsplit(given[each.name]).hostname or "") for each in (AUTH_URL, API_URL))
    return tuple(
        Problem(each.name, "is not a host of commercetools", each.fix)
        for each, host in hosts
        if not _VENDORS.fullmatch(host) and not (may_be_here and is_loopback(host))
    )


def looked_at(settings: ShopSettings, *, now: datetime) -> tuple[Finding, ...]:
    """Token, scopes, and one small question: as the project answers at this moment."""

    def call() -> Call:
        return Call(Deadline.after(CALL_SECONDS), correlation_id())

    with closing(Http()) as http:
        source = ShopSource(settings, http=http)
        return tuple(shop_findings(settings, source, http, call=call, now=lambda: now))


def _other_shop(held: str, *, is_connected: bool) -> Problem:
    wrong = f"this workspace was filled from {held}, and what is kept of it fits no other project"
    if is_connected:
        return Problem("Project", wrong, f"Use credentials of {held}, or disconnect it first")
    return Problem("Project", wrong, f"Use credentials of {held}, or tick the box that forgets it")


def _is_here(public_url: str) -> bool:
    return is_loopback(urlsplit(public_url).hostname or "")
