"""The web side under real gunicorn: it starts as documented, and refuses to start half configured."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.serving import ENVIRONMENT, GUNICORN, ROOT, Server, free_port, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("gunicorn")) as running:
        yield running


def start(environ: Mapping[str, str], directory: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """gunicorn with a configuration that it refuses: it must end by itself."""
    return subprocess.run(
        [*GUNICORN, "-c", str(ROOT / "gunicorn.conf.py"), "--pythonpath", str(ROOT)],
        cwd=directory,
        env={**environ, "PORT": environ.get("PORT", str(free_port())), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_without_any_configuration_it_leaves_with_status_2_and_names_everything_once() -> None:
    ended = start({"PATH": ENVIRONMENT["PATH"]})
    assert ended.returncode == 2
    for name in ENVIRONMENT.keys() - {"PATH"}:
        assert ended.stderr.count(f"  - {name}: not set") == 1


def test_everything_that_is_malformed_is_named_at_once() -> None:
    broken = {"LOG_FORMAT": "xml", "GUNICORN_THREADS": "many", "PORT": "http", "CTP_API_URL": "http://shop.example.com"}
    ended = start({**ENVIRONMENT, **broken})
    assert ended.returncode == 2
    assert [name for name in broken if f"  - {name}: " not in ended.stderr] == []


def test_a_broken_mapping_is_named_together_with_the_environment(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('[panel]\nlanguage = "tlh"\n')
    ended = start({**ENVIRONMENT, "MAPPING_FILE": str(mapping), "CTP_SCOPES": ""})
    assert ended.returncode == 2
    assert "  - CTP_SCOPES: not set" in ended.stderr
    assert "  - mapping.toml line 2, panel.language: " in ended.stderr


def test_no_worker_is_started_before_the_configuration_is_checked() -> None:
    ended = start({"PATH": ENVIRONMENT["PATH"]})
    assert "Booting worker" not in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_env_file_in_the_working_directory_is_read(tmp_path: Path) -> None:
    lines = [f'{name}="{value}"\n' for name, value in ENVIRONMENT.items() if name not in ("PATH", "CTP_CLIENT_ID")]
    (tmp_path / ".env").write_text("".join(lines))
    ended = start({"PATH": ENVIRONMENT["PATH"]}, tmp_path)
    assert ended.returncode == 2
    assert "CTP_CLIENT_ID: not set" in ended.stderr
    assert "CTP_PROJECT_KEY" not in ended.stderr


def test_no_secret_is_printed_when_the_start_is_refused() -> None:
    ended = start({**ENVIRONMENT, "LOG_LEVEL": "loud"})
    assert ended.returncode == 2
    assert not [name for name in ENVIRONMENT if name.endswith("SECRET") and ENVIRONMENT[name] in ended.stderr]


def test_metrics_are_served(server: Server) -> None:
    assert "panel_answers_total" in requests.get(f"{server.url}/metrics", timeout=30).text


def test_the_id_that_a_caller_gets_is_the_id_in_the_log(server: Server) -> None:
    answer = requests.get(f"{server.url}/nowhere", timeout=30)
    events = [json.loads(line) for line in server.log().splitlines()]
    (event,) = [each for each in events if each.get("correlation_id") == answer.headers["X-Correlation-ID"]]
    assert (event["event"], event["route"], event["status"]) == ("http.answered", "(unknown)", 404)


def test_every_line_of_the_log_is_json(server: Server) -> None:
    lines = server.log().splitlines()
    assert len(lines) > 2
    assert all(json.loads(line)["level"] for line in lines)


def test_many_requests_at_once_each_have_an_id_of_their_own(server: Server) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: requests.get(f"{server.url}/healthz", timeout=30), range(60)))
    assert len({answer.headers["X-Correlation-ID"] for answer in answers}) == 60


def test_it_stops_when_it_is_asked_to(tmp_path: Path) -> None:
    with serving(tmp_path) as running:
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(timeout=60) == 0
