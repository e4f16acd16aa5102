"""TLS: which servers the client trusts, that it sends nothing to others, and no secrets without TLS."""
