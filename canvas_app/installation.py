"""An installation: one Intercom workspace joined to one commercetools project."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from canvas_app.canvas.lookup.lookup import Lookup
from canvas_app.canvas.screens import Look
from canvas_app.mapping import Mapping
from canvas_app.words import Words
from clients.intercom.conversation import Conversation


class Opened(Protocol):
    """Told of a conversation whose panel was opened. Returns at once, and raises nothing."""

    def __call__(self, conversation: Conversation, *, contact_id: str | None) -> None: ...


@dataclass(frozen=True, slots=True)
class Installation:
    """What the panel needs to answer for a workspace. `workspace_id` None = whichever workspace asks."""

    workspace_id: str | None
    mapping: Mapping = field(repr=False)
    lookup: Lookup = field(repr=False)
    look: Look = field(repr=False)
    opened: Opened | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class NotSetUp:
    """A workspace that is installed and has no shop yet, or none that can be used. `words`: in its language."""

    words: Words


class WorkspacesUnknown(Exception):
    """Which workspaces are installed cannot be said at the moment."""


class Installations(Protocol):
    """Where installations are found."""

    def find(self, workspace_id: str | None) -> Installation | NotSetUp | None:
        """The installation of a workspace, None when it is not installed here. Raises `WorkspacesUnknown`."""
        ...


@dataclass(frozen=True, slots=True)
class SingleWorkspace:
    """The one installation that is made from the environment.

    With `INTERCOM_WORKSPACE_ID` set, requests of other workspaces (the app's secret is one per
    app, not per workspace) get the not-installed canvas.
    """

    installation: Installation

    def find(self, workspace_id: str | None) -> Installation | None:
        own = self.installation.workspace_id
        return self.installation if own is None or own == workspace_id else None
