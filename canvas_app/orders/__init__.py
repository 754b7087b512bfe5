"""The page of one order, for the teammate to whose panel the link to it was given."""
