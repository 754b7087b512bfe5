"""The Inbox simulator: one page on which the panel can be seen and used without an Intercom workspace."""
