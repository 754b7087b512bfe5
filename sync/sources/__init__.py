"""Who says that something changed: each source turns what it finds into hints."""
