"""Make a client's configuration and the tenant's registrations match.

`default_configuration` returns the smallest configuration of a grant; `register` registers the parties of a
configuration with the tenant, so that a strict server accepts what a correct client sends.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeGuard

from oauth_gauntlet.key_material import private_pem as private_pem
from oauth_gauntlet.key_material import public_pem
from oauth_gauntlet.protocol import JSON, GrantType
from oauth_gauntlet_server import AssertionIssuer, RegisteredClient, Tenant, User

CLIENT_ID = "gauntlet-client"
CLIENT_SECRET = "gauntlet-client-secret-7Yq2"
USERNAME = "gauntlet-user"
PASSWORD = "gauntlet-user-password-4Kd9"
ISSUER = "https://issuer.gauntlet.example"
SUBJECT = "gauntlet-subject"

_SECRET_METHODS = frozenset({"client_secret_basic", "client_secret_post"})


def default_configuration(tenant: Tenant, grant: GrantType) -> dict[str, JSON]:
    """Return a complete configuration of the grant for this tenant, without optional parameters.

    `allow_http` is set: the token URL is plain http on loopback, which is intended.
    """
    config: dict[str, JSON] = {"grant_type": str(grant), "token_url": tenant.token_url, "allow_http": True}
    if grant is not GrantType.JWT_BEARER:
        config |= {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    if grant is GrantType.REFRESH_TOKEN:
        config |= {"refresh_token": tenant.mint_refresh_token(CLIENT_ID, username=USERNAME)}
    elif grant is GrantType.PASSWORD:
        config |= {"username": USERNAME, "password": PASSWORD}
    elif grant is GrantType.JWT_BEARER:
        config |= {
            "jwt_issuer": ISSUER,
            "jwt_subject": SUBJECT,
            "jwt_audience": tenant.issuer,
            "private_key": private_pem("rsa"),
        }
    return config


def register(tenant: Tenant, config: Mapping[str, JSON]) -> None:
    """Register every client, user and issuer of the configuration with the tenant."""
    client_id, secret = config.get("client_id"), config.get("client_secret")
    method = config.get("token_endpoint_auth_method")
    if _text(client_id):
        methods = frozenset({method}) if _text(method) else _SECRET_METHODS
        if not _text(secret) and method != "private_key_jwt":
            methods = frozenset({"none"})
        tenant.register_client(
            RegisteredClient(
                client_id=client_id,
                client_secret=secret if _text(secret) else None,
                token_endpoint_auth_methods=methods,
                public_keys=_public_keys() if method == "private_key_jwt" else (),
            )
        )
    if _text(config.get("username")) and isinstance(config.get("password"), str):
        tenant.register_user(User(username=config["username"], password=config["password"]))
    if _text(config.get("jwt_issuer")):
        audience = config.get("jwt_audience")
        tenant.register_issuer(
            AssertionIssuer(
                issuer=config["jwt_issuer"],
                public_keys=_public_keys(),
                audiences=frozenset({audience}) if _text(audience) else None,
            )
        )


def _public_keys() -> tuple[str, ...]:
    """Return the public halves of all keys that a configuration may contain."""
    return tuple(public_pem(kind) for kind in ("rsa", "ec", "ed25519"))


def _text(value: JSON) -> TypeGuard[str]:
    return isinstance(value, str) and value != ""
