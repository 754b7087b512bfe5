"""Open conversations: which order each is about, and that it says so."""
