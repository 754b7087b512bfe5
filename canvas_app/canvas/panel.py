"""The panel: answers every signed request with a canvas, whatever is broken behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from canvas_app.canvas import screens
from canvas_app.canvas.clicks import click, overview
from canvas_app.canvas.lookup.reader import ShopInTrouble
from canvas_app.canvas.memory import Memory, Seal
from canvas_app.canvas.named import orders_named
from canvas_app.canvas.request import Admin, Contact, Initialize, Submit
from canvas_app.canvas.visit import Drawn, OrderPage, UnknownComponent, Visit
from canvas_app.installation import Installation, Installations, NotSetUp, WorkspacesUnknown
from canvas_app.words import Words
from clients.deadline import Call, Deadline

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Panel:
    """What the routes ask. `seconds` is the time for everything that one request asks of the shop.

    `words` are for workspaces that are not installed: nobody has said their language. `correlation_id`
    gives the id of the request that is being answered. `settings_url`, `install_url`: where an admin mends or begins.
    `order_pages`: of a workspace's id and a teammate's; None where orders have no page of their own.
    """

    installations: Installations
    words: Words
    seal: Seal
    correlation_id: Callable[[], str]
    settings_url: str | None = None
    install_url: str | None = None
    order_pages: Callable[[str, str], OrderPage] | None = None
    seconds: float = 2.6

    def initialize(self, ask: Initialize) -> Drawn:
        """The panel is opened."""
        installation = self._found(ask)
        if isinstance(installation, Drawn):
            return installation
        visit = self._visit(installation, ask, Memory())
        drawn = self._answer(visit, "overview", overview)
        if installation.opened is not None and ask.conversation is not None:
            installation.opened(ask.conversation, contact_id=ask.contact.id if ask.contact else None)
        return drawn

    def submit(self, ask: Submit) -> Drawn:
        """Something in the panel was clicked."""
        installation = self._found(ask)
        if isinstance(installation, Drawn):
            return installation
        contact_id = ask.contact.id if ask.contact else None
        memory = Memory.from_stored(ask.stored, seal=self.seal, contact_id=contact_id)
        visit = replace(self._visit(installation, ask, memory), inputs=ask.inputs)
        if ask.component_id in ("refresh", "retry"):
            return self._answer(replace(visit, refresh=True), memory.screen, lambda v: click(v, memory.screen))
        return self._answer(visit, ask.component_id, lambda v: click(v, ask.component_id))

    def not_understood(self) -> Drawn:
        """A signed body that is no request."""
        return Drawn(screens.broke(self.words), "broke", "not_understood")

    def broke(self) -> Drawn:
        """A fault of ours."""
        return Drawn(screens.broke(self.words), "broke", "broke")

    def _visit(self, installation: Installation, ask: Initialize, memory: Memory) -> Visit:
        numbers = orders_named(ask.conversation, installation.mapping) if ask.conversation else ()
        return Visit(
            installation=installation,
            call=Call(Deadline.after(self.seconds), self.correlation_id()),
            seal=self.seal,
            contact=ask.contact or Contact(id=None),
            numbers=numbers,
            memory=memory,
            order_page=self._order_page(installation, ask.admin),
        )

    def _order_page(self, installation: Installation, admin: Admin | None) -> OrderPage | None:
        """For the teammate who looks, and for nobody else."""
        workspace_id = installation.workspace_id
        if self.order_pages is None or workspace_id is None or admin is None:
            return None
        return self.order_pages(workspace_id, admin.id)

    def _answer(self, visit: Visit, screen: str, draw: Callable[[Visit], Drawn]) -> Drawn:
        try:
            try:
                return draw(visit)
            except UnknownComponent as unknown:
                log.warning("panel.unknown_component", reason=unknown.reason)
                return overview(visit, note=screens.not_understood_note(visit.installation.look.words))
        except ShopInTrouble as error:
            return self._trouble(visit, screen, error)

    def _trouble(self, visit: Visit, screen: str, error: ShopInTrouble) -> Drawn:
        screen = "search" if screen == "find" else screen  # what was typed is not kept
        first = screen == "overview"
        back = "overview" if first else visit.back_from(screen)
        canvas = screens.shop_in_trouble(
            error.trouble,
            visit.installation.look.words,
            memory=visit.remember(screen, back=back),
            settings_url=self.settings_url,
            back=None if first else back,
        )
        return Drawn(canvas, "trouble", error.trouble.value)

    def _found(self, ask: Initialize) -> Installation | Drawn:
        """The installation, or what is shown where there is none to be asked."""
        try:
            found = self.installations.find(ask.workspace_id)
        except WorkspacesUnknown:
            return Drawn(screens.broke(self.words), "broke", "workspaces_unknown")
        if isinstance(found, NotSetUp):
            canvas = screens.not_set_up(found.words, settings_url=self.settings_url)
            return Drawn(canvas, "not_set_up", "not_set_up")
        return self._not_installed(ask) if found is None else found

    def _not_installed(self, ask: Initialize) -> Drawn:
        log.warning("panel.workspace_not_installed", workspace=ask.workspace_id)
        return Drawn(screens.not_installed(self.words, install_url=self.install_url), "not_installed", "not_installed")
