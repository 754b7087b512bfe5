"""The sync's whole configuration: the environment, `.env` and the mapping, with everything that is wrong at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sync.environment import ConfigurationError, Problem, with_dotenv
from sync.mapping.faults import Fault, MappingError
from sync.mapping.rules import SyncMapping
from sync.mapping_file import load_sync_mapping
from sync.settings import MAPPING_FILE, InstallationSettings, SyncSettings

_ANY_KEY = b"only to check the file"  # the real one is kept in the database, which is not open yet


def load_settings(environ: Mapping[str, str], *, directory: Path) -> SyncSettings:
    """The settings, once nothing is wrong with them or with the mapping, before anything is opened.

    `.env` and a relative `MAPPING_FILE` are looked for in `directory`. A workspace that installs the app has a mapping
    of its own, which begins with this file's. Raises ConfigurationError.
    """
    environ = with_dotenv(environ, directory / ".env")
    path = directory / MAPPING_FILE.read_or_default(environ)
    problems = [*SyncSettings.problems(environ), *_missing_file(environ, path)]
    try:
        load_sync_mapping(path, hash_key=_ANY_KEY)
    except MappingError as error:
        problems += [mapping_problem(path, fault) for fault in error.faults]
    if problems:
        raise ConfigurationError(problems)
    return SyncSettings.from_environ(environ)


def load_mapping(settings: InstallationSettings, *, directory: Path, hash_key: bytes) -> SyncMapping:
    """The mapping that `settings` name. Raises ConfigurationError if it was changed since it was checked."""
    path = directory / settings.mapping_file
    try:
        return load_sync_mapping(path, hash_key=hash_key)
    except MappingError as error:
        raise mapping_error(path, error.faults) from error


def mapping_error(path: Path, faults: tuple[Fault, ...]) -> ConfigurationError:
    """What is wrong with the mapping, line by line."""
    return ConfigurationError(mapping_problem(path, fault) for fault in faults)


def mapping_problem(path: Path, fault: Fault) -> Problem:
    return Problem(f"{path.name} line {fault.line}, {fault.key}", fault.message, fault.fix)


def _missing_file(environ: Mapping[str, str], path: Path) -> tuple[Problem, ...]:
    if environ.get(MAPPING_FILE.name, "").strip() and not path.exists():  # without the variable, no file is fine
        return (Problem(MAPPING_FILE.name, "names a file that does not exist", MAPPING_FILE.fix),)
    return ()
