"""Stand-ins for both platforms, the Inbox simulator and a sample shop: for demos and tests, on loopback only."""
