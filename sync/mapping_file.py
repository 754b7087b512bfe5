"""Reading `mapping.toml` from the disk."""

from __future__ import annotations

from pathlib import Path

from sync.mapping.faults import Fault, MappingError
from sync.mapping.reading import parse_sync_mapping
from sync.mapping.rules import SyncMapping


def mapping_text(path: Path) -> str:
    """The text of the file at `path`, empty when there is no such file. Raises MappingError if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        message = f"cannot be read ({type(error).__name__})"
        raise MappingError([Fault(1, path.name, message, "Give the path of a readable file in UTF-8")]) from error


def load_sync_mapping(path: Path, *, hash_key: bytes) -> SyncMapping:
    """The sync's part of the mapping in the file at `path`; without a file, nothing is sent. Raises MappingError."""
    return parse_sync_mapping(mapping_text(path), hash_key=hash_key)
