"""The texts of the panel in the language of the workspace; English is the source.

Catalogues are gettext's (`de.po`, `en.po` beside this file), compiled when they are loaded
(`canvas_app.words.catalogues`). Whatever is shown goes through `t` or `n`; words for values
of the platform are tables in `canvas_app.words.labels`.
"""

from __future__ import annotations

from gettext import NullTranslations


def msg(text: str) -> str:
    """Marks a text in a table for the catalogues; it is translated where it is shown."""
    return text


class Words:
    """One language: `t` for a text, `n` for one that counts.

    `values` fill the `{placeholders}` after translation; a value is never read as a text of ours.
    """

    def __init__(self, language: str, translations: NullTranslations) -> None:
        self.language = language
        self._translations = translations

    def t(self, msgid: str, /, **values: str) -> str:
        """The text whose English is `msgid`; English itself when no translation is known."""
        return self._translations.gettext(msgid).format_map(values)

    def n(self, singular: str, plural: str, count: int, /, **values: str) -> str:
        """The form of a text that `count` asks for. The shown number is a value like any other."""
        return self._translations.ngettext(singular, plural, count).format_map(values)
