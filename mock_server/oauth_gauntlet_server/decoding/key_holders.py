"""Find whose keys may verify a JWT at a tenant: the server's, a registered issuer's or a registered client's."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from joserfc.errors import JoseError

from oauth_gauntlet_server.jose.keys import SIGNING_ALGORITHMS, public_key, secret_key
from oauth_gauntlet_server.oauth.assertion import ParsedAssertion
from oauth_gauntlet_server.tenancy.model import PublicKey, RegisteredClient
from oauth_gauntlet_server.tenancy.tenant import Tenant

if TYPE_CHECKING:
    from joserfc.jwk import Key


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyHolder:
    """An owner of keys, with a name to show; `named` is True if the JWT names it as issuer or subject."""

    name: str
    keys: tuple[Key, ...]
    named: bool = True


def key_holders(tenant: Tenant, jwt: ParsedAssertion) -> tuple[KeyHolder, ...]:
    """Return the holders of keys for a JWT: those that its claims iss and sub name, and this server."""
    issuer, subject = (jwt.claims.get(name) for name in ("iss", "sub"))
    holders: list[KeyHolder] = []
    if isinstance(issuer, str) and (known := tenant.issuers.get(issuer)) is not None:
        holders.append(KeyHolder(name=f"the registered issuer {issuer}", keys=_public_keys(known.public_keys)))
    for name in dict.fromkeys(each for each in (issuer, subject) if isinstance(each, str)):
        client = tenant.clients.get(name)
        if client is not None and (keys := _keys_of(client, jwt.header.get("alg"))):
            holders.append(KeyHolder(name=f"the registered client {name}", keys=keys))
    own = tuple(key for algorithm in SIGNING_ALGORITHMS for key in tenant.keys.published(algorithm))
    return (*holders, KeyHolder(name="this server", keys=own, named=isinstance(issuer, str) and tenant.is_issuer(issuer)))


def _keys_of(client: RegisteredClient, algorithm: object) -> tuple[Key, ...]:
    if not str(algorithm).startswith("HS"):
        return _public_keys(client.public_keys)
    return (secret_key(client.client_secret),) if client.client_secret else ()


def _public_keys(sources: Iterable[PublicKey]) -> tuple[Key, ...]:
    found: list[Key] = []
    for source in sources:
        # Keys that were registered from Python are unchecked.
        with suppress(JoseError, ValueError, TypeError, KeyError, AttributeError):
            found.append(public_key(source))
    return tuple(found)
