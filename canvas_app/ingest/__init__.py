"""Doors for cloud queues that push: commercetools' notifications become hints."""
