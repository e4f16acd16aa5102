"""Shared by the adapters of Authlib's sessions: client assertions (RFC 7523), as in the documentation of the two classes."""

from authlib.oauth2.rfc7523 import ClientSecretJWT, PrivateKeyJWT

METHODS = {"client_secret_jwt": ClientSecretJWT, "private_key_jwt": PrivateKeyJWT}


def credential(config):
    """Return what a session takes as the client's secret: with private_key_jwt, the private key."""
    return config.get("private_key" if config.get("token_endpoint_auth_method") == "private_key_jwt" else "client_secret")


def register(session, config):
    """Register the configured method with a session, if it is one with an assertion."""
    method = METHODS.get(config.get("token_endpoint_auth_method"))
    if method:
        session.register_client_auth_method(method(config.get("token_url")))
