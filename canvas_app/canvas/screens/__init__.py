"""The screens of the panel: pure functions from what was read to a canvas."""
