"""The Dockerfile's steps, carried out without a container engine.

Its instructions are read, and every path of the image is laid under a temporary folder: the virtual environment is made
from the lock file, exactly the copied files are there, and the image's own command runs from them, as its user when we
may change users. So a forgotten COPY, a package missing from the lock or a file that only root can read is found here.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from tests.ci_rules import in_ci
from tests.serving import ENVIRONMENT, ROOT, Server, serving


@dataclass
class Stage:
    """One FROM and what follows it: (instruction, argument) in order."""

    base: str
    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def arguments(self, instruction: str) -> list[str]:
        return [argument for name, argument in self.steps if name == instruction]


def stages() -> list[Stage]:
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    found: list[Stage] = []
    for line in text.splitlines():
        instruction, _, argument = line.partition(" ")
        if instruction == "FROM":
            base, _, name = argument.partition(" AS ")
            found.append(Stage(base, name))
        elif instruction and not instruction.startswith("#"):
            found[-1].steps.append((instruction, argument))
    return found


BUILD, FINAL = stages()


def interpreter(user: int | None) -> str:
    """A Python that `user` may run: one below a home directory may be closed to others."""
    for candidate in (os.path.realpath(sys.executable), "/usr/bin/python3"):
        try:
            asked = [candidate, "-c", "import sys, venv; sys.exit(sys.version_info < (3, 11))"]
            if subprocess.run(asked, user=user, cwd="/", check=False).returncode == 0:
                return candidate
        except OSError:
            continue
    pytest.fail(f"no Python 3.11 or newer that user {user} may run")


class Engine:
    """Does what a container engine does with the instructions that our Dockerfile uses; fails on any other."""

    def __init__(self, root: Path, python: str) -> None:
        self.root = root
        self.directory = root
        self._python = python

    def inside(self, path: str) -> Path:
        """Where a path of the image lies on this machine."""
        return self.root / path.lstrip("/") if path.startswith("/") else self.directory / path

    def build(self, stage: Stage) -> None:
        for instruction, argument in stage.steps:
            match instruction:
                case "WORKDIR":
                    self.directory = self.inside(argument)
                    self.directory.mkdir(parents=True, exist_ok=True)
                case "COPY":
                    self._copy(argument)
                case "RUN":
                    self._run(argument)
                case "ENV" | "USER" | "EXPOSE" | "HEALTHCHECK" | "CMD":
                    pass
                case _:
                    pytest.fail(f"the Dockerfile uses {instruction}, which this test does not know")

    def _copy(self, argument: str) -> None:
        *sources, target = argument.split()
        if sources[0].startswith("--from="):
            # Both stages share one root, for a virtual environment does not survive a move.
            assert self.inside(target).is_dir()
            return
        for source in sources:
            goal = self.inside(target)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, goal, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, goal / source)

    def _make_directory(self, words: list[str]) -> None:
        owner, mode = words[words.index("-o") + 1], words[words.index("-m") + 1]
        made = self.inside(words[-1])
        made.mkdir(parents=True)
        made.chmod(int(mode, 8))
        if os.geteuid() == 0:
            os.chown(made, int(owner), int(owner))

    def _run(self, command: str) -> None:
        words = [str(self.inside(word)) if word.startswith("/venv") else word for word in shlex.split(command)]
        if words[0] == "useradd":
            return  # its uid is enough for us; see the test of USER
        if words[0] == "touch":
            self.inside(words[1]).touch()
            return
        if words[0] == "install":
            self._make_directory(words[1:])
            return
        assert words[0] == "python", command
        # The base image's pip is stood in for by our own, which installs into the interpreter that --python names.
        runner = sys.executable if words[1:3] == ["-m", "pip"] else self._python
        quick = {"PIP_RETRIES": "1"} if not in_ci(os.environ) else {}
        ended = subprocess.run(
            [runner, *words[1:]],
            cwd=self.directory,
            env=os.environ | quick,
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode and "pip" in words and not in_ci(os.environ):
            pytest.skip("the packages of the image cannot be installed here: no package index")
        assert ended.returncode == 0, ended.stderr


def image_user() -> int | None:
    """The image's uid; None (ourselves) when we may not change users."""
    return int(FINAL.arguments("USER")[-1]) if os.geteuid() == 0 else None


def image_environment(engine: Engine) -> dict[str, str]:
    """The image's own environment, and what an operator passes with --env-file."""
    pairs = [pair.partition("=") for line in FINAL.arguments("ENV") for pair in line.split()]
    own = {
        name: value.replace("/venv", str(engine.inside("/venv"))).replace("$PATH", os.defpath)
        for name, _, value in pairs
    }
    return dict(ENVIRONMENT) | own


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """The built image, below a folder that other users may enter (pytest's own are closed to them)."""
    root = Path(tempfile.mkdtemp(prefix="image-"))
    try:
        root.chmod(0o755)
        built = Engine(root, interpreter(image_user()))
        for stage in (BUILD, FINAL):
            built.build(stage)
        yield built
    finally:
        shutil.rmtree(root)


@pytest.fixture(scope="module")
def container(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    command, *arguments = json.loads(FINAL.arguments("CMD")[-1])
    with serving(
        tmp_path_factory.mktemp("container"),
        environ=image_environment(engine),
        command=[str(engine.inside("/venv/bin") / command), *arguments],
        directory=engine.directory,
        user=image_user(),
    ) as running:
        yield running


def test_the_image_answers(container: Server) -> None:
    assert requests.get(f"{container.url}/healthz", timeout=5).json() == {"status": "alive"}


def test_the_image_does_not_run_as_root(container: Server) -> None:
    status = Path(f"/proc/{container.process.pid}/status")
    if not status.exists():
        pytest.skip("this system does not show whose a process is")
    uids = re.search(r"^Uid:\s+(\d+)", status.read_text(), re.MULTILINE)
    assert uids
    assert int(uids[1]) != 0


def test_the_health_check_of_the_image_agrees(container: Server, engine: Engine) -> None:
    command = json.loads(FINAL.arguments("HEALTHCHECK")[-1].partition("CMD ")[2])
    port = container.url.rpartition(":")[2]
    environ = image_environment(engine) | {"PORT": port}
    ended = subprocess.run([engine.inside("/venv/bin/python"), *command[1:]], env=environ, check=False)
    assert ended.returncode == 0


def in_the_image(engine: Engine, *command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [engine.inside("/venv/bin/python"), *command],
        cwd=engine.directory,
        env=image_environment(engine) | environ,
        user=image_user(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_image_has_the_commands_of_the_sync(engine: Engine) -> None:
    ended = in_the_image(engine, "-m", "sync")
    assert (ended.returncode, ended.stderr) == (0, "")


def test_without_a_volume_the_image_keeps_no_database_of_its_own(engine: Engine) -> None:
    ended = in_the_image(engine, "-m", "sync", "events", "status", INTERCOM_ACCESS_TOKEN="token")
    assert ended.returncode == 2
    assert "DATABASE_URL: not set, and this container keeps nothing" in ended.stderr


def test_the_health_check_notices_that_nobody_answers(engine: Engine) -> None:
    command = json.loads(FINAL.arguments("HEALTHCHECK")[-1].partition("CMD ")[2])
    environ = image_environment(engine) | {"PORT": "9"}
    ended = subprocess.run(
        [engine.inside("/venv/bin/python"), *command[1:]], env=environ, capture_output=True, check=False
    )
    assert ended.returncode != 0


def test_the_image_holds_no_installer_and_no_test(engine: Engine) -> None:
    assert sorted(engine.root.glob("venv/lib/python3*/site-packages/pip")) == []
    assert {each.name for each in engine.directory.iterdir()} == {
        "commerce", "clients", "sync", "canvas_app", "wsgi.py", "gunicorn.conf.py", "var", ".in-container",
    }  # fmt: skip


def test_the_user_of_the_image_is_the_one_that_it_makes() -> None:
    (made,) = [run for run in FINAL.arguments("RUN") if run.startswith("useradd")]
    assert f"--uid {FINAL.arguments('USER')[-1]} " in made


def test_both_stages_start_from_the_same_slim_image() -> None:
    assert BUILD.base == FINAL.base
    assert BUILD.base.endswith("-slim")


def test_everything_that_is_copied_passes_dockerignore() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copies = [argument.split()[:-1] for stage in (BUILD, FINAL) for argument in stage.arguments("COPY")]
    copied = {source for sources in copies for source in sources if not sources[0].startswith("--from")}
    assert copied == allowed
