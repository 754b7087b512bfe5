"""Live look-ups: cached for seconds, asked once for all who wait, never longer than the deadline."""
