"""An installation: one Intercom workspace joined to one commercetools project."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from canvas_app.canvas.lookup.lookup import Lookup
from canvas_app.canvas.screens import Look
from canvas_app.mapping import Mapping


@dataclass(frozen=True, slots=True)
class Installation:
    """What the panel needs to answer for a workspace. `workspace_id` None = whichever workspace asks."""

    workspace_id: str | None
    mapping: Mapping = field(repr=False)
    lookup: Lookup = field(repr=False)
    look: Look = field(repr=False)


class Installations(Protocol):
    """Where installations are found."""

    def find(self, workspace_id: str | None) -> Installation | None:
        """The installation of a workspace, None when it is not installed here."""
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
