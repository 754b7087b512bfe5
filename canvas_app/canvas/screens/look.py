"""What every screen needs beside its facts: language, formats, what agents may see, where the settings are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from canvas_app.canvas.formats import Formats
from canvas_app.words import Words


class Options(Protocol):
    """What the panel asks of the merchant's options: `canvas_app.mapping.PanelOptions` answers it."""

    @property
    def addresses_on_email_match(self) -> bool: ...
    @property
    def show_cart(self) -> bool: ...
    @property
    def show_lifetime(self) -> bool: ...

    @property
    def order_number_patterns(self) -> tuple[re.Pattern[str], ...]: ...
    @property
    def order_number_attributes(self) -> tuple[str, ...]: ...

    def allows(self, name: str, /) -> bool: ...
    def shown(self, name: str, value: str, /) -> str: ...
    def tracking_url(self, carrier: str | None, tracking_id: str | None, /) -> str | None: ...
    def merchant_center_url(self, order_id: str, /) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Look:
    """`settings_url` is where a workspace admin repairs the set-up; None = only the operator can."""

    words: Words
    formats: Formats
    options: Options
    settings_url: str | None = None

    def personal(self, field: str, value: str | None) -> str | None:
        """A personal field as agents may see it: whole, masked, or None when the merchant does not allow it."""
        return self.options.shown(field, value) or None if value else None
