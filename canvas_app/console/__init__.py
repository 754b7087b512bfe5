"""The console: how an installation is, why a contact holds what it holds, what failed, and who did what about it."""
