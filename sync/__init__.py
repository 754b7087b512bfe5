"""The companion that keeps Intercom true to commercetools."""
