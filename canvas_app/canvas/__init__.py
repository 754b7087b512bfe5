"""The panel: from a signed request to a canvas."""
