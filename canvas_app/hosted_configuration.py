"""The whole configuration where any number of workspaces install the app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from canvas_app.hosted_settings import HostedSettings
from canvas_app.mapping import MappingError, parse_mapping
from canvas_app.settings import Serving
from sync.environment import ConfigurationError, Problem
from sync.mapping.reading import parse_sync_mapping
from sync.mapping_file import mapping_text
from sync.settings import MAPPING_FILE

_ANY_KEY = b"only to check the file"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedConfiguration:
    """Everything that was decided before the start. `mapping`: the text that each new workspace begins with."""

    settings: HostedSettings
    serving: Serving
    mapping: str = field(repr=False)

    @classmethod
    def load(cls, environ: Mapping[str, str]) -> HostedConfiguration:
        """Raises ConfigurationError with every problem of every source at once."""
        mapping, faults = _mapping(environ)
        if problems := (*HostedSettings.problems(environ), *Serving.problems(environ), *faults):
            raise ConfigurationError(problems)
        return cls(
            settings=HostedSettings.from_environ(environ), serving=Serving.from_environ(environ), mapping=mapping
        )


def _mapping(environ: Mapping[str, str]) -> tuple[str, tuple[Problem, ...]]:
    path: Path = MAPPING_FILE.read_or_default(environ)
    if environ.get(MAPPING_FILE.name, "").strip() and not path.exists():  # without the variable, no file is fine
        return "", (Problem(MAPPING_FILE.name, "names a file that does not exist", MAPPING_FILE.fix),)
    try:
        text = mapping_text(path)
        parse_mapping(text)
        parse_sync_mapping(text, hash_key=_ANY_KEY)
    except MappingError as error:
        return "", tuple(
            Problem(f"{path.name} line {fault.line}, {fault.key}", fault.message, fault.fix) for fault in error.faults
        )
    return text, ()
