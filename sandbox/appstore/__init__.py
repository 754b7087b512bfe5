"""Intercom's own web pages around an app: consent, the App Store's listing, and the way back to it."""

from sandbox.appstore.pages import Merchant, store_pages

__all__ = ["Merchant", "store_pages"]
