"""The adapter that is checked, configured for one tenant after another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType

from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.judging.bench import Bench
from oauth_gauntlet.protocol import JSON, Capability, ErrorInfo, GrantType, Hello, JSONObject, Token
from oauth_gauntlet.registration import default_configuration, register
from oauth_gauntlet_server import Tenant

_SHORTEST_TRACE = 8
"""Minimum number of characters of a text: finding a shorter one in another text may be a coincidence."""

_ARTEFACTS = frozenset({"", "none", "null", "undefined", "nil", "[object object]"})
"""How languages write an absent value as text, in lower case."""

HOLD_ONE = (GrantType.REFRESH_TOKEN, GrantType.PASSWORD)
"""The grants with which a client can have a refresh token."""

NOTHING: Mapping[str, JSON] = MappingProxyType({})
"""No changes to a configuration."""


class Subject:
    """An adapter with its declarations. `grants` are those that have given a token."""

    def __init__(self, bench: Bench, adapter: ClientAdapter, hello: Hello) -> None:
        self.bench = bench
        self.adapter = adapter
        self.hello = hello
        self.grants: list[GrantType] = []
        self.tenants: list[Tenant] = []

    def declares(self, capability: Capability) -> bool:
        """Return whether the adapter declares the capability."""
        return capability in self.hello.capabilities

    def begin(self, grant: GrantType, changes: Mapping[str, JSON] = NOTHING, *, lifetime_s: int = 3600) -> Tenant:
        """Configure the client for a new tenant, with changes to the default configuration.

        A change to None removes the key; tokens live for `lifetime_s` seconds.

        Raises:
            ClientFailure: the client rejected the configuration.
        """
        tenant = self.bench.tenant()
        tenant.configure(access_token_lifetime_s=lifetime_s)
        self.tenants.append(tenant)
        self.configure(tenant, grant, changes)
        return tenant

    def configure(self, tenant: Tenant, grant: GrantType, changes: Mapping[str, JSON] = NOTHING) -> None:
        """Configure the client for a tenant, as `begin` does."""
        whole = {**default_configuration(tenant, grant), **changes}
        config = {key: value for key, value in whole.items() if value is not None}
        register(tenant, config)
        self.adapter.configure(config)

    def answer(self) -> Token | ErrorInfo:
        """Return the answer to get_token: a token or an error."""
        try:
            return self.adapter.get_token()
        except ClientFailure as failure:
            return failure.error

    def made_up(self, token: JSON, tenant: Tenant) -> str | None:
        """Return why an access token is not one that `tenant` issued; None if the tenant issued it."""
        if isinstance(token, str) and token in issued(tenant):
            return None
        shown = json.dumps(token)[:60]
        if tenant.journal.count("token"):
            return f"{shown} was returned, which the server never issued"
        return f"{shown} was returned, and no request reached the token endpoint"

    def was_issued(self, token: JSON) -> bool:
        """Return whether a tenant of this check issued the access token, the current one included."""
        return isinstance(token, str) and any(token in issued(tenant) for tenant in self.tenants)

    def mistakable(self, token: str, tenant: Tenant) -> bool:
        """Return whether a faulty client may have made the token from a response: one contains a part of the other."""
        answers = [exchange.response for exchange in tenant.journal.exchanges("token")]
        bodies = [response.body.decode("utf-8", "replace").lower() for response in answers if response is not None]
        if len(token) >= _SHORTEST_TRACE and any(token.lower() in body for body in bodies):
            return True
        return any(len(each) >= _SHORTEST_TRACE and each.lower() in token.lower() for each in issued(tenant))


def token_documents(tenant: Tenant) -> list[JSONObject]:
    """Return every successful token response of a tenant, as JSON."""
    found: list[JSONObject] = []
    for exchange in tenant.journal.exchanges("token"):
        if exchange.response is None or exchange.response.status != 200:
            continue
        try:
            document = exchange.response.json()
        except ValueError:
            continue
        if isinstance(document, dict) and isinstance(document.get("access_token"), str):
            found.append(document)
    return found


def issued(tenant: Tenant) -> set[str]:
    """Return every access token that a tenant has issued over the wire."""
    return {str(document["access_token"]) for document in token_documents(tenant)}


def another_party(grant: GrantType, name: str) -> Mapping[str, JSON]:
    """Return changes to a configuration for another client id, or for another subject if the grant has no client id."""
    if grant is GrantType.JWT_BEARER:
        return {"jwt_subject": name}
    # A server that is not strict accepts any refresh token; a known one belongs to its client.
    held = {"refresh_token": f"{name}-refresh-token"} if grant is GrantType.REFRESH_TOKEN else {}
    return {"client_id": name, "client_secret": f"{name}-secret", **held}


def stands_for_none(token: JSON) -> bool:
    """Return whether a value is not a string, is empty, or is the name that a language gives to an absent value."""
    return not isinstance(token, str) or token.strip().lower() in _ARTEFACTS
