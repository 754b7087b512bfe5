"""The installations that a process works for, as its register has them now.

Single-workspace mode is an estate of one that never changes: everything that works for installations works for an
estate.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from clients.errors import CredentialsRefused, PlatformError
from sync.environment import ConfigurationError, Problem
from sync.home import Home
from sync.installation import Installation
from sync.registers import Register
from sync.storage.database import Database
from sync.storage.installations import clear_refusal, note_refusal
from sync.storage.waking import hurry

log = structlog.get_logger(__name__)

NOT_SET_UP = "not_set_up"
_FIX = "The log says why (sync.installation_broke); a change of its mapping has it tried again"


class NotSetUp(CredentialsRefused):
    """Something about the installation has to be mended by a person first; its work waits."""

    reason_code = NOT_SET_UP


@dataclass(frozen=True, slots=True)
class _Held:
    """`home`: None when there is nothing to work for. `fault`: what has to be mended before any job is done."""

    revision: int
    home: Home | None
    fault: ConfigurationError | None = None


class Estate:
    """To be closed. Thread-safe. What is faulty holds up nobody else; in a fixed register it is raised."""

    def __init__(self, register: Register, database: Database, *, now: Callable[[], datetime]) -> None:
        self.database = database
        self.now = now
        self._register = register
        self._held: dict[str, _Held] = {}
        self._looking = threading.Lock()

    @property
    def is_fixed(self) -> bool:
        """Whether nothing of it changes before the process ends."""
        return self._register.is_fixed

    @property
    def homes(self) -> tuple[Home, ...]:
        """All that can be worked for, in the order of their ids."""
        held = dict(self._held)
        return tuple(home for _, each in sorted(held.items()) if (home := each.home) is not None)

    @property
    def faults(self) -> Mapping[str, ConfigurationError]:
        """What has to be mended before anything can be done for an installation, by its id."""
        held = dict(self._held)
        return {id_: each.fault for id_, each in sorted(held.items()) if each.fault is not None}

    def look(self) -> None:
        """Brings it in line with the register. Raises what the database raises, a fixed one also ConfigurationError."""
        with self._looking:
            newest = self._register.revisions()
            for gone in self._held.keys() - newest.keys():
                self._put(gone, None)
            for id_, revision in newest.items():
                held = self._held.get(id_)
                if held is None or held.revision != revision:
                    self._put(id_, self._built(id_, revision))
                    if held is not None:
                        self._hurry(id_)  # somebody changed something, perhaps what its jobs wait for

    def home(self, installation: str) -> Home | None:
        """None for one that is not to be worked for (any more). Raises `NotSetUp`, and what the database raises."""
        held = self._held.get(installation)
        if held is None or held.home is None:
            self.look()  # it may have been connected, or mended, a moment ago
            held = self._held.get(installation)
        if held is None:
            return None
        if held.fault is not None:
            raise NotSetUp("something about the installation has to be mended first")
        return held.home

    def find(self, installation: str) -> Installation | None:
        """As `home`, for the stages."""
        home = self.home(installation)
        return None if home is None else home.at

    def suspend(self, home: Home, fault: ConfigurationError) -> None:
        """Its jobs wait until it is resumed or changed."""
        self._note(home.row.id, fault)
        with self._looking:
            held = self._held.get(home.row.id)
            if held is not None and held.home is home:
                self._held[home.row.id] = replace(held, fault=fault)

    def resume(self, home: Home) -> None:
        """What it was suspended for has been mended."""
        with self._looking:
            held = self._held.get(home.row.id)
            if held is None or held.home is not home or held.fault is None:
                return
            self._held[home.row.id] = replace(held, fault=None)
        with self.database.transaction() as connection:
            clear_refusal(connection, home.row.id, "setup")
        self._hurry(home.row.id)

    def close(self) -> None:
        with self._looking:
            for id_ in list(self._held):
                self._put(id_, None)

    def _put(self, id_: str, held: _Held | None) -> None:
        before = self._held.get(id_)
        if held is None:
            del self._held[id_]
        else:
            self._held[id_] = held
        if before is not None and before.home is not None:
            before.home.close()

    def _built(self, id_: str, revision: int) -> _Held:
        try:
            home = self._register.home(id_)
        except ConfigurationError as error:
            if self.is_fixed:
                raise
            self._note(id_, error)
            return _Held(revision, None, error)
        except PlatformError:
            raise  # the database is away, for all of them
        except Exception:
            if self.is_fixed:
                raise
            log.exception("sync.installation_broke", installation=id_)
            unforeseen = ConfigurationError(
                [Problem(f"The installation {id_}", "breaks what should work for it", _FIX)]
            )
            self._note(id_, unforeseen)
            return _Held(revision, None, unforeseen)
        if home is not None and "setup" in home.row.refused:
            with self.database.transaction() as connection:
                clear_refusal(connection, id_, "setup")
        return _Held(revision, home)

    def _hurry(self, id_: str) -> None:
        with self.database.transaction() as connection:
            hurry(connection, id_)

    def _note(self, id_: str, fault: ConfigurationError) -> None:
        problems = [str(each) for each in fault.problems]
        log.error("sync.installation_not_set_up", installation=id_, problems=problems)
        with self.database.transaction() as connection:
            note_refusal(connection, id_, "setup", NOT_SET_UP, now=self.now())
