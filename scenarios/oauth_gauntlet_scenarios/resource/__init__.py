"""Use of the token at a protected resource."""
