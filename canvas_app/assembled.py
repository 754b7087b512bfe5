"""Puts together what the panel needs to answer for one installation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from canvas_app.canvas.formats import Formats
from canvas_app.canvas.lookup.breaker import Breaker
from canvas_app.canvas.lookup.links import Links
from canvas_app.canvas.lookup.lookup import Lookup
from canvas_app.canvas.lookup.reader import Reader
from canvas_app.canvas.lookup.remembered import Remembered
from canvas_app.canvas.screens import Look
from canvas_app.conversations import OpenedConversations
from canvas_app.installation import Installation
from canvas_app.mapping import Mapping, PanelOptions
from canvas_app.metrics import Metrics
from canvas_app.words.catalogues import words_of
from clients.commercetools.readings import Section
from clients.commercetools.settings import ShopSettings
from clients.commercetools.shop import Shop
from clients.wire.http import Exchange, Http, HttpLimits, log_exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """An installation with what it holds open."""

    installation: Installation
    shop: Shop
    http: Http
    reader: Reader
    opened: OpenedConversations | None

    def close(self) -> None:
        """Whoever is still being answered gets an answer."""
        self.reader.close()
        self.http.close()
        if self.opened is not None:
            self.opened.close()


def assemble(
    settings: ShopSettings,
    mapping: Mapping,
    *,
    workspace_id: str | None,
    remembered: Remembered,
    metrics: Metrics,
    at_once: int,
    opened: OpenedConversations | None = None,
) -> Assembled:
    """Connections, cache and breaker of its own: no shop's trouble is another one's. `at_once`: look-ups that wait."""
    http = Http(HttpLimits(pool_maxsize=at_once), observe=_observer(metrics))
    shop = _shop(settings, mapping, http)
    reader = Reader(metrics=metrics, breaker=Breaker(), threads=at_once)
    installation = Installation(
        workspace_id=workspace_id,
        mapping=mapping,
        lookup=Lookup(
            shop=shop,
            reader=reader,
            links=Links(),
            identity=mapping.identity,
            fresh_seconds=mapping.panel.cache_seconds,
            remembered=remembered,
        ),
        look=_look(settings, mapping),
        opened=opened.opened if opened else None,
    )
    return Assembled(installation=installation, shop=shop, http=http, reader=reader, opened=opened)


def look_ups_at_once(threads: int) -> int:
    """How many may wait for the shop: never all threads, so that a hanging shop leaves some to answer at once."""
    return max(1, threads * 2 // 3)


def _observer(metrics: Metrics) -> Callable[[Exchange], None]:
    """Every request to the shop is logged and counted."""

    def observe(exchange: Exchange) -> None:
        log_exchange(exchange)
        metrics.observe_exchange(exchange)

    return observe


def _shop(settings: ShopSettings, mapping: Mapping, http: Http) -> Shop:
    panel = mapping.panel
    return Shop(
        settings,
        allowed=panel.fields,
        stores=panel.stores,
        languages=tuple(dict.fromkeys((panel.language, "en"))),
        without=_unwanted(panel),
        http=http,
    )


def _unwanted(panel: PanelOptions) -> frozenset[Section]:
    """What is not shown need not be read."""
    shown = {Section.CART: panel.show_cart, Section.HISTORY: panel.show_lifetime}
    return frozenset(section for section, is_shown in shown.items() if not is_shown)


def _look(settings: ShopSettings, mapping: Mapping) -> Look:
    panel = mapping.panel
    return Look(
        words=words_of(panel.language),
        formats=Formats.of(panel.language, panel.time_zone),
        options=panel.for_project(api_url=settings.api_url, project_key=settings.project_key),
    )
