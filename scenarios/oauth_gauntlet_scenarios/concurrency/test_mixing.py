"""Several clients of one program, each with a configuration of its own: none gets a token of another.

They live in one process, because a cache of the whole process (of a class or a module) is what mixes them up: its key lacks
something that a token depends on. Each finding says what.
"""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import JSON, GrantType
from oauth_gauntlet.requirement import (
    ALL,
    CLIENT_CREDENTIALS,
    JWT_BEARER,
    PASSWORD,
    REFRESH_TOKEN,
    UNSAFE,
    damage,
    quote,
    requirement,
)
from oauth_gauntlet_scenarios.concurrency.parties import configure, configured, in_turns, kept_without, record_of, token_of
from oauth_gauntlet_server import RecordedRequest, Tenant, TokenRecord

# A part of each basis: it names those who may have a token. It does not tell a client how to keep it, so it is no MUST of a
# cache.
_ONLY_SHARED = quote(
    "RFC 6749 10.3",
    "only shared among the authorization server, the resource servers the access token is valid for, and the client to whom "
    "the access token is issued.",
)


@requirement(
    "concurrency.no-mixing",
    level=UNSAFE,
    basis=[damage("One client acts with the token, and so with the identity and the rights, of another."), _ONLY_SHARED],
    grants=[REFRESH_TOKEN, CLIENT_CREDENTIALS, PASSWORD],
    capabilities=["instances"],
    statement="Two clients of one program with different client ids never get each other's tokens.",
)
def test_no_mixing(client: LabClient, tenant: Tenant) -> None:
    """Do: two clients of one program, with different client ids, ask one server for tokens in turns.

    Check: each gets tokens issued to itself.
    """
    names = ("first-client", "second-client")
    parties = configured(client, lambda name: _credentials(tenant, client.grant, name), names)
    in_turns(parties, names, "client id", lambda record, _: [record.client_id])


@requirement(
    "concurrency.no-mixing-users",
    level=UNSAFE,
    basis=[damage("One user's session acts with the token, and so with the data, of another user."), _ONLY_SHARED],
    covered_by=["concurrency.no-mixing"],
    grants=[REFRESH_TOKEN, JWT_BEARER, PASSWORD],
    capabilities=["instances"],
    statement="Two clients of one program for different users never get each other's tokens.",
)
def test_no_mixing_users(client: LabClient) -> None:
    """Do: two clients of one program ask for tokens in turns, with one client id, for two users.

    Check: each gets tokens for its own user. (The users differ by name and password, by subject, or by refresh token.)
    """
    names = ("first-user", "second-user")
    parties = configured(client, lambda name: _user(client, name), names)
    if client.grant is GrantType.JWT_BEARER:
        in_turns(parties, names, "subject", lambda _, request: [str(witness.assertion(request).claims.get("sub"))])
    else:
        in_turns(parties, names, "user", lambda record, _: [str(record.username)])


@requirement(
    "concurrency.no-mixing-servers",
    level=UNSAFE,
    basis=[damage("A token of one authorization server is given to the resources of another one."), _ONLY_SHARED],
    covered_by=["concurrency.no-mixing"],
    grants=ALL,
    capabilities=["instances"],
    statement="Two clients of one program for different authorization servers never get each other's tokens.",
)
def test_no_mixing_servers(client: LabClient) -> None:
    """Do: two clients of one program ask for tokens in turns, with equal parameters, at two servers.

    Check: each gets tokens of its own server.
    """
    second = client.another_instance(elsewhere=True)
    for party in (client, second):
        configure(party, {})
    for party, other in 2 * ((client, second), (second, client)):
        before = party.tenant.journal.count("token") + other.tenant.journal.count("token")
        token = token_of(party)
        sent = party.tenant.journal.count("token") + other.tenant.journal.count("token") - before
        require(
            other.tenant.active(token) is None,
            expected="a token of the server of this client",
            seen=f"{kept_without('server', sent=sent)}: the client of one server got a token of the other one",
        )
        record_of(party, token)


# A client may use a token with more scope than it needs, so the scopes have nothing in common. The scope of a refresh token is
# fixed, and a refresh need not repeat it: therefore not with that grant.
@requirement(
    "concurrency.no-mixing-scopes",
    level=UNSAFE,
    basis=damage("A part of a program acts with rights that it did not ask for, and without those that it needs."),
    covered_by=["concurrency.no-mixing"],
    grants=[CLIENT_CREDENTIALS, JWT_BEARER, PASSWORD],
    capabilities=["instances"],
    parameters=["scope"],
    statement="Two clients of one program with different scopes never get a token without their own scope.",
)
def test_no_mixing_scopes(client: LabClient) -> None:
    """Do: two clients of one program ask for tokens in turns, one with the scope "read", one with "write".

    Check: each gets tokens with its own scope.
    """
    names = ("read", "write")
    parties = configured(client, lambda name: {"scope": name}, names)
    in_turns(parties, names, "scope", _scopes)


# Each resource is of another party: RFC 8707 2 names them by absolute URIs.
_RESOURCES = ("https://first.resource.example/", "https://second.resource.example/")
_MISDIRECTED = damage("A resource gets a token that is good at another resource, and can use it there.")


@requirement(
    "concurrency.no-mixing-resources",
    level=UNSAFE,
    basis=[_MISDIRECTED, _ONLY_SHARED],
    covered_by=["concurrency.no-mixing"],
    grants=[CLIENT_CREDENTIALS, PASSWORD],
    capabilities=["instances"],
    parameters=["resource"],
    statement="Two clients of one program with different resource indicators never get each other's tokens.",
)
def test_no_mixing_resources(client: LabClient) -> None:
    """Do: two clients of one program ask for tokens in turns, each with another resource indicator (RFC 8707).

    Check: each gets tokens that were requested for its own resource.
    """
    parties = configured(client, lambda uri: {"resource": uri}, _RESOURCES)
    in_turns(parties, _RESOURCES, "resource", lambda _, request: witness.values(request, "resource"))


@requirement(
    "concurrency.no-mixing-audiences",
    level=UNSAFE,
    basis=[_MISDIRECTED, _ONLY_SHARED],
    covered_by=["concurrency.no-mixing"],
    grants=[CLIENT_CREDENTIALS],
    capabilities=["instances"],
    parameters=["additional_payload"],
    statement="Two clients of one program with different audiences never get each other's tokens.",
)
def test_no_mixing_audiences(client: LabClient) -> None:
    """Do: two clients of one program ask for tokens in turns, each with another audience as its additional payload.

    Check: each gets tokens that were requested for its own audience. (Several providers have this parameter.)
    """
    parties = configured(client, lambda uri: {"additional_payload": {"audience": uri}}, _RESOURCES)
    in_turns(parties, _RESOURCES, "audience", lambda _, request: witness.values(request, "audience"))


def _credentials(tenant: Tenant, grant: GrantType, name: str) -> dict[str, JSON]:
    """Return the credentials of another client, with a refresh token of its own if the grant needs one."""
    held = {"refresh_token": tenant.mint_refresh_token(name)} if grant is GrantType.REFRESH_TOKEN else {}
    return {"client_id": name, "client_secret": f"{name}-secret", **held}


def _user(client: LabClient, name: str) -> dict[str, JSON]:
    """Return what names another user in a configuration of the grant."""
    if client.grant is GrantType.JWT_BEARER:
        return {"jwt_subject": name}
    if client.grant is GrantType.PASSWORD:
        return {"username": name, "password": f"{name}-password"}
    client_id = str(client.configuration()["client_id"])
    return {"refresh_token": client.tenant.mint_refresh_token(client_id, username=name)}


def _scopes(record: TokenRecord, request: RecordedRequest) -> list[str]:
    """Return the scopes of a token: the granted ones, or those that a claim of the assertion asks for."""
    return record.scope.split() or sorted(witness.scope_tokens(request) - {""})
