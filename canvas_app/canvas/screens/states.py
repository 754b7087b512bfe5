"""What agents see when there is nothing to draw: the shop does not answer, nothing is set up, something broke.

Every state says in words what is wrong, what helps, and offers a click that does it. These need
no `Look`: without an installation there are no panel options.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from canvas_app.canvas.components import Button, ButtonStyle, Canvas, Component, Text, TextStyle, Url
from canvas_app.canvas.found import Trouble
from canvas_app.words import Words, msg
from canvas_app.words.labels import TROUBLES, label

# What helps, by trouble. The names of settings are what the operator finds in the environment.
_REMEDIES: Final[Mapping[Trouble, str]] = {
    Trouble.UNREACHABLE: msg("Nothing is lost. Try again in a moment."),
    Trouble.TOO_SLOW: msg("Nothing is lost. Try again in a moment."),
    Trouble.BUSY: msg("Nothing is lost. Try again in a moment."),
    Trouble.CREDENTIALS: msg("An admin has to check CTP_CLIENT_ID, CTP_CLIENT_SECRET and CTP_PROJECT_KEY."),
    Trouble.SCOPE: msg("An admin has to give the API client the scopes view_orders and view_customers (CTP_SCOPES)."),
    Trouble.UNEXPECTED: msg("If trying again does not help, tell an admin when it happened."),
}
_OF_THE_SETTINGS: Final = frozenset({Trouble.CREDENTIALS, Trouble.SCOPE})


def shop_in_trouble(
    trouble: Trouble,
    words: Words,
    *,
    memory: Mapping[str, object],
    settings_url: str | None = None,
    back: str | None = None,
) -> Canvas:
    """The shop could not be asked and nothing is known from before. `back` is None on the first screen."""
    components: list[Component] = [
        Text(text=label(TROUBLES, trouble, words), style=TextStyle.ERROR, tight=True),
        Text(text=words.t(_REMEDIES[trouble]), style=TextStyle.MUTED),
        _retry(words),
        *(_settings(words, settings_url) if trouble in _OF_THE_SETTINGS else ()),
        *_back(words, back),
    ]
    return Canvas(components, stored_data=memory)


def not_set_up(words: Words, *, settings: Sequence[str] = (), settings_url: str | None = None) -> Canvas:
    """The workspace is installed, but `settings` (their names) are missing or wrong."""
    named = ", ".join(settings)
    what = (
        words.t("To be set by an admin: {settings}", settings=named) if named else words.t("An admin has to set it up.")
    )
    components: list[Component] = [
        Text(text=words.t("The order panel is not set up yet."), style=TextStyle.MUTED, tight=True),
        Text(text=what, style=TextStyle.MUTED),
        *_settings(words, settings_url),
        _retry(words),
    ]
    return Canvas(components)


def not_installed(words: Words, *, install_url: str | None = None) -> Canvas:
    """Intercom asks for a workspace that is not installed here."""
    components: list[Component] = [
        Text(text=words.t("The order panel is not installed for this workspace."), style=TextStyle.MUTED, tight=True),
        Text(
            text=words.t("An admin has to install it, or to correct INTERCOM_WORKSPACE_ID."),
            style=TextStyle.MUTED,
        ),
        *_link("install", words.t("Install"), install_url),
        _retry(words),
    ]
    return Canvas(components)


def broke(words: Words, *, memory: Mapping[str, object] | None = None) -> Canvas:
    """Something of ours went wrong, or Intercom sent what nobody understands."""
    components: list[Component] = [
        Text(text=words.t("The panel could not be shown."), style=TextStyle.ERROR, tight=True),
        Text(text=words.t("If trying again does not help, tell an admin when it happened."), style=TextStyle.MUTED),
        _retry(words),
    ]
    return Canvas(components, stored_data=memory or {})


def not_understood_note(words: Words) -> str:
    """A line on top of the overview, after a click that leads nowhere (any more)."""
    return words.t("That could not be opened. Here is the overview.")


def _retry(words: Words) -> Button:
    return Button(id="retry", label=words.t("Retry"))


def _settings(words: Words, url: str | None) -> Iterator[Component]:
    return _link("settings", words.t("Open settings"), url)


def _link(id: str, label: str, url: str | None) -> Iterator[Component]:
    if url and url.startswith("https://"):  # a canvas takes no other link, and a laptop has none
        yield Button(id=id, label=label, action=Url(url), style=ButtonStyle.LINK)


def _back(words: Words, back: str | None) -> Iterator[Component]:
    if back:
        yield Button(id=back, label=words.t("Back"), style=ButtonStyle.LINK)
