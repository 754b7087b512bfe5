"""The frame of every web page: look, session, forms, errors, and how somebody gets in."""
