"""Where somebody goes on to after coming in."""

from __future__ import annotations

import pytest

from canvas_app.pages.entrance import own_path


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("/settings/mapping?x=1", "/settings/mapping?x=1"),
        ("//evil.example", None),
        ("/\\evil.example", None),
        ("https://evil.example", None),
        ("/a\nb", None),
        ("", None),
        (None, None),
    ],
)
def test_after_signing_in_one_stays_on_this_site(wanted: str | None, path: str | None) -> None:
    assert own_path(wanted) == path
