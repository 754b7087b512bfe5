"""The demo, started once as `make demo` starts it, and a real browser to use it with.

Screenshots go to tests/e2e/screenshots/. Whatever the browser's console calls an error fails the test.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
SCREENSHOTS = Path(__file__).parent / "screenshots"
QUIET_BROWSER = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 45_000

OpenInbox = Callable[..., Page]


@dataclass(frozen=True, slots=True)
class Demo:
    """The running demo: the page's address, what it said until then, and the process."""

    url: str
    said: str
    process: subprocess.Popen[str]


@contextmanager
def running_demo(*arguments: str) -> Iterator[Demo]:
    """`python -m sandbox` with `arguments`, from the line with the address on; stopped at the end."""
    command = [sys.executable, "-m", "sandbox", *arguments]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if found := re.search(r"http://127\.0\.0\.1:\d+/sandbox/", line):
                break
        else:
            pytest.fail(f"The demo did not start:\n{said}", pytrace=False)
        yield Demo(found[0], said, process)
        process.terminate()


@pytest.fixture
def start_demo() -> Iterator[Callable[..., Demo]]:
    """`start_demo("--port", "0")`: a demo of the test's own."""
    with ExitStack() as stack:
        yield lambda *arguments: stack.enter_context(running_demo(*arguments))


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """The demo that all browser tests share."""
    with running_demo("--port", "0") as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is; without it these tests fail in CI and are skipped elsewhere."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path:
        return path
    reason = "no Chromium: install Debian's package chromium, or name the program in CHROMIUM"
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=QUIET_BROWSER)
        yield launched
        launched.close()


@contextmanager
def pages_of(demo: Demo, browser: Browser) -> Iterator[OpenInbox]:
    """What `open_page` gives, for as long as the block lasts."""
    errors: list[str] = []
    contexts = []

    def opened(path: str = "", *, width: int = 1440, height: int = 900, scheme: Any = "light", **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(demo.url + path)
        page.wait_for_selector("body[data-ready=true]")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def open_page(browser: Browser, demo: Demo) -> Iterator[OpenInbox]:
    """`open_page(path, width=..., height=..., scheme="dark")`: that page when it is ready to be used."""
    with pages_of(demo, browser) as open_page:
        yield open_page


def keep_picture(page: Page, name: str) -> None:
    """Keeps what the page looks like now."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled")


@pytest.fixture
def keep() -> Callable[[Page, str], None]:
    """`keep(page, "order-dark")` keeps what the page looks like now."""
    return keep_picture
