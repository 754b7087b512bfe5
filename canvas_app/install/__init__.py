"""From "Install" to "it works": consent, the settings of a workspace, and what Intercom asks about an installation."""
