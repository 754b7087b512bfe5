"""Before anything is written to a workspace: is it the right one, and has it room for what the mapping names?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from clients.deadline import Call
from clients.errors import PlanRestricted, ScopeMissing, UnknownAttribute
from clients.intercom.resources import Workspace
from clients.intercom.settings import REGION_OF_HOST, IntercomSettings
from sync.attributes import read_difference, settle_difference
from sync.configuration import mapping_error
from sync.conversations.attributes import make_conversation_attributes, read_conversation_difference
from sync.environment import ConfigurationError, Problem
from sync.home import Home
from sync.settings import INTERCOM_API_URL, WORKSPACE_ID
from sync.storage.conversations import hold_alone
from sync.storage.dead_letters import list_dead_letters, replay
from sync.storage.installations import clear_refusal, ensure_installation

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Preflight:
    """Of a worker. `run` may be called again until it succeeds."""

    home: Home

    def run(self) -> None:
        """Makes the workspace ready. Raises ConfigurationError for what a person has to mend, else PlatformError."""
        home = self.home
        call = home.at.call
        workspace = home.intercom.me(call=call())
        if problems := workspace_problems(
            workspace, home.settings.intercom, wanted=home.settings.workspace_id, known=home.row.workspace_id
        ):
            raise ConfigurationError(problems)
        self._remember(workspace)
        made = self._attributes(call)
        log.info("sync.workspace_ready", workspace=workspace.id, attributes_made=list(made))
        if made:
            self._replay_unknown_attributes()

    def _remember(self, workspace: Workspace) -> None:
        home = self.home
        with home.database.transaction() as connection:
            ensure_installation(
                connection,
                home.row.id,
                workspace_id=workspace.id,
                project_key=home.settings.shop.project_key,
                now=home.now(),
            )
            clear_refusal(connection, home.row.id, "intercom")

    def _attributes(self, call: Callable[[], Call]) -> tuple[str, ...]:
        found = read_difference(self.home.intercom, self.home.mapping, call=call)
        if found.faults:
            raise mapping_error(self.home.mapping_path, found.faults)
        made = settle_difference(self.home.intercom, found, call=call)
        return (*made, *self._conversation_attributes(call))

    def _conversation_attributes(self, call: Callable[[], Call]) -> tuple[str, ...]:
        """Without leave for conversations, contacts are told all the same. One worker at a time looks."""
        home, rules = self.home, self.home.mapping.conversations
        if not rules.attributes:
            return ()
        try:
            # Two of one name take no values, and Intercom lets two be made.
            with home.database.transaction() as connection:
                hold_alone(connection, f"{home.row.id}/conversation attributes")
                found = read_conversation_difference(home.intercom, rules, call=call)
                if found.faults:
                    raise mapping_error(home.mapping_path, found.faults)
                return make_conversation_attributes(home.intercom, found, call=call)
        except (ScopeMissing, PlanRestricted) as error:
            log.error("sync.conversations_refused", reason=error.reason)
            return ()

    def _replay_unknown_attributes(self) -> None:
        """What was refused for want of an attribute that is there now."""
        home = self.home
        with home.database.transaction() as connection:
            letters = list_dead_letters(connection, home.row.id, reason=UnknownAttribute.reason_code, limit=None)
        for letter in letters:
            with home.database.transaction() as connection:
                replay(connection, letter.id, now=home.now(), note="the attribute was made")


def workspace_problems(
    workspace: Workspace, settings: IntercomSettings, *, wanted: str | None, known: str | None
) -> tuple[Problem, ...]:
    """What is wrong with the workspace that the token leads to. `known`: the one that the database was filled for."""
    problems = []
    expected = wanted or known
    if expected is not None and workspace.id != expected:
        whose = "the variable names" if wanted else "this database was filled for"
        problems.append(
            Problem(
                WORKSPACE_ID.name,
                f"the access token belongs to workspace {workspace.id}, and {whose} {expected}",
                "Use the token of that workspace (INTERCOM_ACCESS_TOKEN), or a database of its own for this one",
            )
        )
    region = settings.region
    if region is not None and workspace.region is not None and workspace.region != region:
        host = next((host for host, held in REGION_OF_HOST.items() if held == workspace.region), None)
        fix = f"Use https://{host}" if host else INTERCOM_API_URL.fix
        problems.append(
            Problem(INTERCOM_API_URL.name, f"leads to {region}, and the workspace is hosted in {workspace.region}", fix)
        )
    return tuple(problems)
