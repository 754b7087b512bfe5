"""The whole configuration: the environment, `.env`, and the file that says what agents may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from canvas_app.environment import ConfigurationError, with_dotenv
from canvas_app.settings import Serving, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Everything that was decided before the start."""

    settings: Settings
    serving: Serving

    @classmethod
    def load(cls, environ: Mapping[str, str], *, dotenv: Path) -> Configuration:
        """Raises ConfigurationError with every problem of every source at once."""
        environ = with_dotenv(environ, dotenv)
        if problems := (*Settings.problems(environ), *Serving.problems(environ)):
            raise ConfigurationError(problems)
        return cls(settings=Settings.from_environ(environ), serving=Serving.from_environ(environ))
