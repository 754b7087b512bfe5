"""Environment, `.env` and mapping are checked together, and everything that is wrong is said at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from canvas_app.configuration import Configuration
from sync.environment import ConfigurationError
from tests.serving import ENVIRONMENT

MAPPING = '[panel]\nlanguage = "de"\n'


def load(folder: Path, **changes: str) -> Configuration:
    return Configuration.load({**ENVIRONMENT, **changes}, dotenv=folder / ".env")


def problems(folder: Path, **changes: str) -> list[str]:
    """The names of what must be mended."""
    with pytest.raises(ConfigurationError) as refused:
        load(folder, **changes)
    return [problem.name for problem in refused.value.problems]


def written(folder: Path, mapping: bytes) -> str:
    (folder / "mapping.toml").write_bytes(mapping)
    return str(folder / "mapping.toml")


def test_the_mapping_that_the_environment_names_is_read(tmp_path: Path) -> None:
    assert load(tmp_path, MAPPING_FILE=written(tmp_path, MAPPING.encode())).mapping.panel.language == "de"


def test_the_env_file_may_name_the_mapping(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"MAPPING_FILE={written(tmp_path, MAPPING.encode())}\n")
    assert load(tmp_path).mapping.panel.language == "de"


def test_without_a_mapping_nothing_personal_is_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert not load(tmp_path).mapping.panel.fields


def test_a_mapping_that_is_named_must_be_there(tmp_path: Path) -> None:
    assert problems(tmp_path, MAPPING_FILE=str(tmp_path / "maping.toml")) == ["MAPPING_FILE"]


def test_faults_of_the_mapping_are_named_with_file_and_line(tmp_path: Path) -> None:
    path = written(tmp_path, b'[panel]\nlanguage = "tlh"\n')
    assert problems(tmp_path, MAPPING_FILE=path) == ["mapping.toml line 2, panel.language"]


def test_environment_server_and_mapping_are_reported_together(tmp_path: Path) -> None:
    path = written(tmp_path, b'[panel]\nlanguage = "tlh"\n')
    named = problems(tmp_path, MAPPING_FILE=path, CTP_CLIENT_ID="", PORT="http")
    assert named == ["CTP_CLIENT_ID", "PORT", "mapping.toml line 2, panel.language"]


@pytest.mark.parametrize("rubbish", [b"\xff\xfe\x00", b"[panel", b"panel = 3", b"\x00", b"a = " + b"[" * 5000])
def test_a_mapping_that_is_rubbish_is_a_configuration_error(tmp_path: Path, rubbish: bytes) -> None:
    assert len(problems(tmp_path, MAPPING_FILE=written(tmp_path, rubbish))) == 1


def test_a_folder_is_no_mapping(tmp_path: Path) -> None:
    assert len(problems(tmp_path, MAPPING_FILE=str(tmp_path))) == 1
