"""Intercom as an app meets it: codes and tokens, several workspaces, the uninstall notice and the health check."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests

from clients.intercom.signatures import verify_body_signature
from sandbox.intercom import FJORD, NORDLICHT, Contact, IntercomPlatform, Registration
from sandbox.wire import Fault

SECRET = "platform-test-secret"
VERSION = {"Intercom-Version": "2.16"}


@dataclass
class App:
    """An app's own server: answers health checks with `health`, keeps what it was posted."""

    health: Any = field(default_factory=lambda: {"state": "OK"})
    posted: list[tuple[str, bytes, str | None]] = field(default_factory=list)
    url: str = ""


@contextmanager
def served(app: App) -> Iterator[App]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            app.posted.append((self.path, body, self.headers.get("X-Body-Signature")))
            answer = json.dumps(app.health).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    app.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield app
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def theirs() -> Iterator[App]:
    with served(App()) as app:
        yield app


@pytest.fixture
def app_server(theirs: App) -> App:
    theirs.health, theirs.posted[:] = {"state": "OK"}, []
    return theirs


@pytest.fixture
def platform(app_server: App) -> Iterator[IntercomPlatform]:
    with IntercomPlatform.serve((NORDLICHT, FJORD)) as platform:
        platform.register(
            Registration(
                name="An app",
                client_id="app-1",
                client_secret=SECRET,
                redirect_urls=("https://app.example/callback",),
                install_url="https://app.example/install",
                uninstall_url=f"{app_server.url}/gone",
                health_url=f"{app_server.url}/health",
            )
        )
        yield platform


def exchange(platform: IntercomPlatform, code: str, **more: Any) -> requests.Response:
    body = {"code": code, "client_id": "app-1", "client_secret": SECRET, **more}
    return requests.post(f"{platform.url}/auth/eagle/token", data=body, timeout=30)


def installed(platform: IntercomPlatform, workspace_id: str = NORDLICHT.id) -> str:
    """A token of the workspace."""
    token: str = exchange(platform, platform.grants.allow(workspace_id)).json()["access_token"]
    return token


def ask(platform: IntercomPlatform, token: str, path: str = "/me", method: str = "GET") -> requests.Response:
    headers = VERSION | {"Authorization": f"Bearer {token}"}
    return requests.request(method, f"{platform.url}{path}", headers=headers, timeout=30)


def code_of(response: requests.Response) -> tuple[int, str, str]:
    error = response.json()["errors"][0]
    return response.status_code, error["code"], error["message"]


def test_a_code_becomes_a_token_that_is_named_twice(platform: IntercomPlatform) -> None:
    answer = exchange(platform, platform.grants.allow(NORDLICHT.id)).json()
    assert answer["token_type"] == "Bearer"
    assert answer["token"] == answer["access_token"]
    assert ask(platform, answer["token"]).json()["app"]["id_code"] == NORDLICHT.id


def test_the_exchange_takes_json_as_well(platform: IntercomPlatform) -> None:
    body = {"code": platform.grants.allow(FJORD.id), "client_id": "app-1", "client_secret": SECRET}
    answer = requests.post(f"{platform.url}/auth/eagle/token", json=body, timeout=30)
    assert ask(platform, answer.json()["token"]).json()["app"]["region"] == "US"


def test_a_code_that_lost_its_end_is_refused(platform: IntercomPlatform) -> None:
    code = platform.grants.allow(NORDLICHT.id)
    assert code.endswith("=")
    assert code_of(exchange(platform, code.rstrip("="))) == (401, "unauthorized", "Unauthorized Code")


def test_a_code_works_once(platform: IntercomPlatform) -> None:
    code = platform.grants.allow(NORDLICHT.id)
    assert exchange(platform, code).status_code == 200
    assert code_of(exchange(platform, code))[2] == "Unauthorized Code"


@pytest.mark.parametrize("wrong", [{"client_secret": "x"}, {"client_id": "x"}])
def test_another_app_gets_nothing_for_a_code(platform: IntercomPlatform, wrong: dict[str, str]) -> None:
    code = platform.grants.allow(NORDLICHT.id)
    assert exchange(platform, code, **wrong).status_code == 401
    assert exchange(platform, code).status_code == 200


def test_me_tells_the_workspace_and_whether_the_address_is_verified(platform: IntercomPlatform) -> None:
    token = installed(platform)
    platform.workspace(NORDLICHT.id).switches.set(email_verified=False)
    me = ask(platform, token).json()
    assert (me["app"]["region"], me["app"]["timezone"], me["email_verified"]) == ("EU", "Europe/Berlin", False)


def test_a_token_sees_the_contacts_of_its_own_workspace_alone(platform: IntercomPlatform) -> None:
    ours, others = installed(platform), installed(platform, FJORD.id)
    contact = Contact(id="a" * 24, workspace_id=NORDLICHT.id, role="user", born=0.0, updated_at=0)
    platform.workspace(NORDLICHT.id).put(contact)
    assert ask(platform, ours, f"/contacts/{contact.id}").status_code == 200
    assert ask(platform, others, f"/contacts/{contact.id}").status_code == 404
    assert ask(platform, others, "/contacts").json()["total_count"] == 0


def test_no_token_and_an_unknown_one_are_refused(platform: IntercomPlatform) -> None:
    assert code_of(requests.get(f"{platform.url}/me", timeout=30))[1] == "missing_authorization"
    assert code_of(ask(platform, "nobody's")) == (401, "unauthorized", "Access Token Invalid")


def test_a_closed_workspace_suspends_its_token(platform: IntercomPlatform) -> None:
    token = installed(platform)
    platform.workspace(NORDLICHT.id).switches.set(token_suspended=True)
    assert code_of(ask(platform, token))[:2] == (401, "token_suspended")


def test_uninstalling_takes_the_token_back_and_sends_a_signed_notice(
    platform: IntercomPlatform, app_server: App
) -> None:
    token = installed(platform)
    platform.uninstall(NORDLICHT.id)
    assert code_of(ask(platform, token))[1] == "unauthorized"
    platform.settle()
    ((path, body, signature),) = app_server.posted
    assert (path, body) == ("/gone", b'{"app_id":"nrdlcht1"}')
    assert verify_body_signature(body, signature, [SECRET])


def test_an_app_that_goes_by_itself_is_told_as_well(platform: IntercomPlatform, app_server: App) -> None:
    token, other = installed(platform), installed(platform, FJORD.id)
    assert ask(platform, token, "/auth/uninstall", "POST").status_code == 200
    assert ask(platform, token).status_code == 401
    assert ask(platform, other).status_code == 200
    assert [told.status for told in platform.told] == [200]


def test_what_is_not_installed_is_not_uninstalled(platform: IntercomPlatform) -> None:
    platform.uninstall(NORDLICHT.id)
    assert platform.told == ()


@pytest.mark.parametrize(("again", "first_works"), [("another", True), ("same", True), ("another_ends_first", False)])
def test_letting_the_app_in_again_does_to_the_first_token_what_the_switch_says(
    platform: IntercomPlatform, again: str, first_works: bool
) -> None:
    platform.switches.set(tokens_again=again)
    first, second = installed(platform), installed(platform)
    assert ask(platform, second).status_code == 200
    assert ask(platform, first).ok is first_works
    assert (first == second) is (again == "same")


def test_the_host_of_all_regions_may_know_the_us_alone(platform: IntercomPlatform) -> None:
    platform.switches.set(regional=True)
    assert exchange(platform, platform.grants.allow(NORDLICHT.id)).status_code == 401
    assert not platform.grants.is_installed(NORDLICHT.id)
    assert exchange(platform, platform.grants.allow(FJORD.id)).status_code == 200


def test_the_exchange_can_fail_as_everything_can(platform: IntercomPlatform) -> None:
    platform.switches.set(faults=[Fault(kind="status", status=503, times=1)])
    code = platform.grants.allow(NORDLICHT.id)
    assert [exchange(platform, code).status_code, exchange(platform, code).status_code] == [503, 200]


def test_the_health_check_is_signed_and_its_answer_kept(platform: IntercomPlatform, app_server: App) -> None:
    app_server.health = {
        "state": "UNHEALTHY",
        "message": "Connect the shop.",
        "cta_type": "URL_CTA",
        "cta_label": "Open settings",
        "cta_url": "https://app.example/settings",
    }
    checked = platform.check_health(NORDLICHT.id)
    ((_, body, signature),) = app_server.posted
    assert body == b'{"workspace_id":"nrdlcht1"}'
    assert verify_body_signature(body, signature, [SECRET])
    assert (checked.state, checked.cta_url) == ("UNHEALTHY", "https://app.example/settings")
    assert platform.health(NORDLICHT.id) == checked


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"state": "FINE"}, "state is 'FINE'"),
        ({"state": "UNHEALTHY"}, "needs a message"),
        ({"state": "UNHEALTHY", "message": "x" * 2_085}, "2085 characters"),
        ({"state": "OK", "cta_type": "URL_CTA", "cta_label": "Open"}, "needs cta_label and cta_url"),
        ({"state": "OK", "cta_type": "LINK"}, "cta_type is 'LINK'"),
        (["OK"], "no JSON object"),
    ],
)
def test_an_answer_to_the_health_check_that_breaks_the_rules_is_none(
    platform: IntercomPlatform, app_server: App, answer: Any, problem: str
) -> None:
    app_server.health = answer
    checked = platform.check_health(NORDLICHT.id)
    assert checked.state is None
    assert problem in str(checked.problem)


def test_an_app_may_report_its_health_by_itself(platform: IntercomPlatform) -> None:
    headers = VERSION | {"Authorization": f"Bearer {installed(platform)}"}
    report = {"state": "UNHEALTHY", "message": "Connect the shop."}
    for version, status in (("2.16", 200), ("2.1", 400)):
        answer = requests.post(
            f"{platform.url}/app_install/status",
            json=report,
            headers=headers | {"Intercom-Version": version},
            timeout=30,
        )
        assert answer.status_code == status
    health = platform.health(NORDLICHT.id)
    assert health is not None
    assert health.message == "Connect the shop."


def test_switches_and_who_is_installed_can_be_seen_and_set_from_another_process(platform: IntercomPlatform) -> None:
    installed(platform, FJORD.id)
    shown = requests.post(f"{platform.url}/_platform", json={"denied": "stays"}, timeout=30).json()
    assert (shown["switches"]["denied"], shown["installed"]) == ("stays", [FJORD.id])
    assert requests.post(f"{platform.url}/_platform", json={"denied": "perhaps"}, timeout=30).status_code == 400
    assert requests.get(f"{platform.control_url(FJORD.id)}/_control", timeout=30).json()["workspace_id"] == FJORD.id
