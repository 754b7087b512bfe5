"""Shapes of a Canvas Kit request that Intercom documents in two ways, or not at all, as switches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """Which of the unconfirmed shapes a request takes. All off is the shape of the documented examples."""

    legacy_customer: bool = False  # the contact under the key `customer`
    nested_canvas: bool = False  # {"current_canvas": {"current_canvas": {...}}}, as the SDK types it
    top_level_stored_data: bool = False  # `stored_data` beside `current_canvas` instead of inside it
    no_region: bool = False  # without `workspace_region`

    @classmethod
    def from_json(cls, options: object) -> Self:
        """What the page sent; unknown names are ignored, missing ones are off."""
        given = options if isinstance(options, Mapping) else {}
        return cls(**{field.name: given.get(field.name) is True for field in fields(cls)})

    def initialize(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The body of an Initialize request in this shape."""
        shaped = dict(body)
        if self.legacy_customer and "contact" in shaped:
            shaped["customer"] = shaped.pop("contact")
        if self.no_region:
            shaped.pop("workspace_region", None)
        return shaped

    def submit(
        self,
        body: Mapping[str, Any],
        *,
        component_id: str,
        input_values: Mapping[str, Any],
        current_canvas: Mapping[str, Any],
    ) -> dict[str, Any]:
        """The body of a Submit request: the Initialize body, what was clicked, and the canvas it was clicked on."""
        canvas = dict(current_canvas)
        shaped = self.initialize(body)
        if self.top_level_stored_data and "stored_data" in canvas:
            shaped["stored_data"] = canvas.pop("stored_data")
        shaped["current_canvas"] = {"current_canvas": canvas} if self.nested_canvas else canvas
        return shaped | {"input_values": dict(input_values), "component_id": component_id}
