"""What the console shows: questions to the database, answered for one installation. Nothing is changed here."""
