"""Intercom: the REST calls we make, what it allows us to spend on them, and the signatures of its own requests."""
