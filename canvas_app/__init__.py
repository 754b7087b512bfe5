"""Flask: everything that Intercom, a browser or an operator calls."""
