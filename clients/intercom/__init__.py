"""Intercom: signatures now; the REST calls come with the sync."""
