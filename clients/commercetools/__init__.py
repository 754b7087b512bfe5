"""commercetools: token, HTTP, GraphQL documents and their decoding."""
