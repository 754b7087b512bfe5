"""Who has let the app in: codes that wait to be exchanged, and the tokens that came of them.

https://developers.intercom.com/docs/build-an-integration/learn-more/authentication/setting-up-oauth
"""

from __future__ import annotations

import base64
import secrets
import threading
from collections.abc import Collection, Mapping

from sandbox.intercom.access import Access
from sandbox.intercom.platform_switches import TokensAgain
from sandbox.intercom.refusals import Refusal


class Grants:
    """The app's way into each workspace. Thread-safe. `doors`: the workspaces' own books of tokens, by id."""

    def __init__(self, doors: Mapping[str, Access]) -> None:
        self._doors = doors
        self._codes: dict[str, str] = {}  # workspace by code
        self._lock = threading.Lock()

    def allow(self, workspace_id: str) -> str:
        """Somebody of the workspace has pressed Allow: a code, good for one exchange. It ends in "="."""
        code = base64.urlsafe_b64encode(secrets.token_bytes(29)).decode()
        with self._lock:
            self._codes[code] = workspace_id
        return code

    def exchange(self, code: str, *, known: Collection[str], again: TokensAgain) -> tuple[str, str]:
        """The workspace, one of `known`, and a token of it.

        Raises `Refusal` for a code that was used or never given, or that lost its "=" on the way.
        """
        with self._lock:
            workspace_id = self._codes.pop(code, None)
            if workspace_id is None or workspace_id not in known:
                raise Refusal(401, "unauthorized", "Unauthorized Code")
            access = self._doors[workspace_id]
            before = access.tokens
            token = min(before) if before and again == "same" else _new_token()
            access.grant(token, alone=again == "another_ends_first")
            return workspace_id, token

    def workspace_of(self, authorization: str) -> str | None:
        """Whose token it is; None when it is nobody's (any more)."""
        return next((each for each, access in self._doors.items() if access.opens(authorization)), None)

    def is_installed(self, workspace_id: str) -> bool:
        return bool(self._doors[workspace_id].tokens)

    def revoke(self, workspace_id: str) -> bool:
        """The app is out: no token of it is good any more. False when it was not in."""
        with self._lock:
            was_in = self.is_installed(workspace_id)
            self._doors[workspace_id].revoke_all()
            self._codes = {code: each for code, each in self._codes.items() if each != workspace_id}
            return was_in


def _new_token() -> str:
    return base64.b64encode(f"tok:{secrets.token_hex(20)}:1:0".encode()).decode()
