"""How far the installation has come, and the way back to Intercom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from flask import Blueprint, Response, request, url_for

from canvas_app.install.desk import Described, desk
from canvas_app.install.settings.attributes import compare
from canvas_app.install.settings.changing import described
from canvas_app.pages.rendering import render
from canvas_app.pages.site import site
from canvas_app.pages.trouble import Trouble
from clients.errors import PlatformError
from clients.intercom.settings import Region
from sync.mapping.faults import MappingError
from sync.mapping.reading import parse_sync_mapping
from sync.storage import audit
from sync.storage.backfills import BackfillRow, newest_backfill

REGIONS: Final = {Region.US: "United States", Region.EU: "Europe", Region.AU: "Australia"}
_ANY_KEY: Final = b"only to count what it names"
_LOOK_BACK: Final = 200  # lines of the audit log

State: TypeAlias = Literal["done", "now", "later"]


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    text: str
    is_done: bool
    label: str = ""
    href: str = ""
    is_open: bool = True  # whether it can be done already


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/", "overview", _overview)


def _overview() -> Response:
    at = described()
    steps = _steps(at)
    states = _states(steps)
    store = desk().store_url(at.region) if at.source is None else None
    return render(
        "settings/overview.html",
        at=at,
        steps=tuple(zip(states, steps, strict=True)),
        store=store,
        is_new="installed" in request.args,
        is_ready=at.is_connected,
    )


def _steps(at: Described) -> tuple[Step, ...]:
    with site().storage.transaction() as connection:
        did = {row.action for row in audit.recent(connection, at.id, limit=_LOOK_BACK)}
        backfill = newest_backfill(connection, at.id)
    ready = at.is_connected
    has_all = ready and _has_all_attributes(at.id)
    shop = f"Project {at.shop.project_key}" if at.shop else "Its orders and customers are read, never written."
    return (
        Step("Install in Intercom", f"{at.workspace_name}, hosted in {REGIONS[at.region]}", True),
        Step("Connect commercetools", shop, ready, "Change" if ready else "Connect", url_for("settings.shop")),
        Step(
            "Decide what agents see and what Intercom gets",
            _counted(at.mapping),
            "mapping_saved" in did or "panel_saved" in did or at.source is not None,
            "Review the mapping",
            url_for("settings.mapping"),
            ready,
        ),
        Step(
            "Create the attributes in Intercom",
            "Contacts and conversations need them before they can hold values.",
            has_all,
            "Look" if has_all else "Create",
            url_for("settings.attributes"),
            ready,
        ),
        Step(
            "Bring contacts up to date",
            _progress(backfill),
            _is_done(backfill),
            "Backfill",
            url_for("settings.backfill"),
            ready,
        ),
    )


def _has_all_attributes(installation: str) -> bool:
    """As Intercom says now. While it says nothing, the step is one to look at."""
    try:
        with desk().home(installation) as home:
            compared = compare(home)
    except (PlatformError, Trouble):
        return False
    return not compared.to_make and not compared.faults


def _states(steps: tuple[Step, ...]) -> tuple[State, ...]:
    """The first that is not done is the one to do now."""
    following = next((step for step in steps if not step.is_done), None)
    return tuple("done" if step.is_done else "now" if step is following else "later" for step in steps)


def _counted(mapping: str) -> str:
    try:
        rules = parse_sync_mapping(mapping, hash_key=_ANY_KEY)
    except MappingError as error:
        return f"Something is wrong with the mapping, in {len(error.faults)} places."
    counts = ((len(rules.attributes), "attribute"), (len(rules.events), "event"), (len(rules.tags), "tag"))
    return ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for count, name in counts) + " for contacts"


def _progress(row: BackfillRow | None) -> str:
    if row is None:
        return "Every customer once, quietly: nothing that is past is told as an event."
    if row.finished_at is not None:
        return f"Finished on {row.finished_at:%-d %B %Y}."
    return "Paused." if row.wanted == "paused" else "Under way."


def _is_done(row: BackfillRow | None) -> bool:
    return row is not None and row.finished_at is not None
