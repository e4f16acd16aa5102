"""Client authentication by a JWT: the methods private_key_jwt and client_secret_jwt (RFC 7523 2.2)."""
