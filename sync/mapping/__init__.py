"""What the merchant allows the sync to send, read from `mapping.toml`. Reference: docs/mapping.md."""
