"""Authorization server metadata (RFC 8414): the client is given an issuer, and finds the token endpoint itself."""
