"""The whole configuration: the environment, `.env`, and the file that says what agents may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from canvas_app.mapping import Mapping as PanelMapping
from canvas_app.mapping import MappingError, load_mapping
from canvas_app.settings import Serving, Settings
from sync.environment import ConfigurationError, Problem, with_dotenv
from sync.settings import MAPPING_FILE


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Everything that was decided before the start."""

    settings: Settings
    serving: Serving
    mapping: PanelMapping

    @classmethod
    def load(cls, environ: Mapping[str, str], *, dotenv: Path) -> Configuration:
        """Raises ConfigurationError with every problem of every source at once."""
        environ = with_dotenv(environ, dotenv)
        mapping, faults = _mapping(environ)
        if problems := (*Settings.problems(environ), *Serving.problems(environ), *faults):
            raise ConfigurationError(problems)
        return cls(settings=Settings.from_environ(environ), serving=Serving.from_environ(environ), mapping=mapping)


def _mapping(environ: Mapping[str, str]) -> tuple[PanelMapping, tuple[Problem, ...]]:
    """The mapping, or what is wrong with it, line by line."""
    path = MAPPING_FILE.read_or_default(environ)
    if environ.get(MAPPING_FILE.name, "").strip() and not path.exists():  # without the variable, no file is fine
        return PanelMapping(), (Problem(MAPPING_FILE.name, "names a file that does not exist", MAPPING_FILE.fix),)
    try:
        return load_mapping(path), ()
    except MappingError as error:
        return PanelMapping(), tuple(
            Problem(f"{path.name} line {fault.line}, {fault.key}", fault.message, fault.fix) for fault in error.faults
        )
