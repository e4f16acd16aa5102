"""The adapter that is looked at, in front of one tenant after another."""

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
"""Characters that two texts have to share for one to be a trace of the other."""

_ARTEFACTS = frozenset({"", "none", "null", "undefined", "nil", "[object object]"})

NOTHING: Mapping[str, JSON] = MappingProxyType({})
"""No changes to a configuration."""


class Subject:
    """An adapter and what it declared. `grants` are those that gave a token, the plainest first."""

    def __init__(self, bench: Bench, adapter: ClientAdapter, hello: Hello) -> None:
        self.bench = bench
        self.adapter = adapter
        self.hello = hello
        self.grants: list[GrantType] = []
        self.tenants: list[Tenant] = []

    def declares(self, capability: Capability) -> bool:
        """Whether the adapter claims the capability."""
        return capability in self.hello.capabilities

    def begin(self, grant: GrantType, changes: Mapping[str, JSON] = NOTHING, *, lifetime_s: int = 3600) -> Tenant:
        """Configure the client, with changes to the defaults, in front of a tenant that it never saw.

        A change to None removes the key; tokens live for `lifetime_s` seconds.

        Raises:
            ClientFailure: the client refused the configuration.
        """
        tenant = self.bench.tenant()
        tenant.configure(access_token_lifetime_s=lifetime_s)
        self.tenants.append(tenant)
        self.configure(tenant, grant, changes)
        return tenant

    def configure(self, tenant: Tenant, grant: GrantType, changes: Mapping[str, JSON] = NOTHING) -> None:
        """Configure the client in front of a tenant, as `begin` does."""
        whole = {**default_configuration(tenant, grant), **changes}
        config = {key: value for key, value in whole.items() if value is not None}
        register(tenant, config)
        self.adapter.configure(config)

    def answer(self) -> Token | ErrorInfo:
        """Return what get_token answers, error or token."""
        try:
            return self.adapter.get_token()
        except ClientFailure as failure:
            return failure.error

    def made_up(self, token: JSON, tenant: Tenant) -> str | None:
        """Return in which way an access token that was handed out is none that `tenant` issued; None where it is one."""
        if isinstance(token, str) and token in issued(tenant):
            return None
        shown = json.dumps(token)[:60]
        if tenant.journal.count("token"):
            return f"{shown} was handed out, which the server never issued"
        return f"{shown} was handed out, and no request reached the token endpoint"

    def is_of_before(self, token: JSON) -> bool:
        """Whether any tenant issued the access token."""
        return isinstance(token, str) and any(token in issued(tenant) for tenant in self.tenants)

    def mistakable(self, token: str, tenant: Tenant) -> bool:
        """Whether a client can have made a token out of an answer by mistake: there is a trace of one in the other."""
        answers = [exchange.response for exchange in tenant.journal.exchanges("token")]
        bodies = [response.body.decode("utf-8", "replace").lower() for response in answers if response is not None]
        if len(token) >= _SHORTEST_TRACE and any(token.lower() in body for body in bodies):
            return True
        return any(len(each) >= _SHORTEST_TRACE and each.lower() in token.lower() for each in issued(tenant))


def token_documents(tenant: Tenant) -> list[JSONObject]:
    """Return every success document by which a tenant has issued an access token over the wire."""
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
    """Return the changes to a configuration by which another client asks, or for another subject where there is none."""
    if grant is GrantType.JWT_BEARER:
        return {"jwt_subject": name}
    # A server that is not strict takes any refresh token; one that it knows belongs to the client that it knows.
    held = {"refresh_token": f"{name}-refresh-token"} if grant is GrantType.REFRESH_TOKEN else {}
    return {"client_id": name, "client_secret": f"{name}-secret", **held}


def stands_for_none(token: JSON) -> bool:
    """Whether what was handed out as a token is no token, or what a language calls an absent value."""
    return not isinstance(token, str) or token.strip().lower() in _ARTEFACTS
