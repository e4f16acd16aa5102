"""Several clients of one program, each with a configuration of its own: none gets a token of another.

They live in one process, because a cache of the whole process (of a class or a module) is what mixes them up. Each scenario
configures both clients before it asks for the first token: a client that empties such a cache in its constructor is not
tested by anything else.
"""

from __future__ import annotations

from collections.abc import Callable

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.protocol import JSON, GrantType, Token
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
from oauth_gauntlet_server import Tenant, TokenRecord

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
    parties = _configured(client, lambda name: _credentials(tenant, client.grant, name), names)
    _in_turns(parties, names, lambda record: [record.client_id])


@requirement(
    "concurrency.no-mixing-users",
    level=UNSAFE,
    basis=[damage("One user's session acts with the token, and so with the data, of another user."), _ONLY_SHARED],
    grants=[REFRESH_TOKEN, JWT_BEARER, PASSWORD],
    capabilities=["instances"],
    statement="Two clients of one program for different users never get each other's tokens.",
)
def test_no_mixing_users(client: LabClient) -> None:
    """Do: two clients of one program ask for tokens in turns, with one client id, for two users.

    Check: each gets tokens for its own user. (The users differ by name and password, by subject, or by refresh token.)
    """
    names = ("first-user", "second-user")
    parties = _configured(client, lambda name: _user(client, name), names)
    by_subject = client.grant is GrantType.JWT_BEARER
    _in_turns(parties, names, lambda record: [_subject(client, record) if by_subject else str(record.username)])


@requirement(
    "concurrency.no-mixing-servers",
    level=UNSAFE,
    basis=[damage("A token of one authorization server is given to the resources of another one."), _ONLY_SHARED],
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
        _configure(party, {})
    for party, other in 2 * ((client, second), (second, client)):
        token = _token_of(party)
        require(
            other.tenant.active(token) is None,
            expected="a token of the server of this client",
            seen="a token of the other server",
        )
        _record_of(party, token)


# A client may use a token with more scope than it needs, so the scopes have nothing in common. The scope of a refresh token is
# fixed, and a refresh need not repeat it: therefore not with that grant.
@requirement(
    "concurrency.no-mixing-scopes",
    level=UNSAFE,
    basis=damage("A part of a program acts with rights that it did not ask for, and without those that it needs."),
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
    parties = _configured(client, lambda name: {"scope": name}, names)
    _in_turns(parties, names, _scopes)


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


def _subject(client: LabClient, record: TokenRecord) -> str:
    """Return the subject of the assertion for which a token was issued."""
    for exchange in client.tenant.journal.exchanges("token"):
        if exchange.response is not None and record.token.encode() in exchange.response.body:
            return str(witness.assertion(exchange.request).claims.get("sub"))
    return "nobody"


def _scopes(record: TokenRecord) -> list[str]:
    """Return the scopes of a token; a client that requested none is not tested."""
    return record.scope.split() or untestable("the client requested no scope")


def _configured(
    client: LabClient, changes: Callable[[str], dict[str, JSON]], names: tuple[str, str]
) -> tuple[LabClient, LabClient]:
    """Configure the client and another instance, each with the changes for its name; return both."""
    parties = (client, client.another_instance())
    for party, name in zip(parties, names, strict=True):
        _configure(party, changes(name))
    return parties


def _configure(party: LabClient, changes: dict[str, JSON]) -> None:
    refusal = party.try_configure(**changes)
    if refusal is not None:
        untestable(f"the client rejected one of the configurations: {described(refusal)}")


def _token_of(party: LabClient) -> str:
    """Return the access token that a client gets; that it gets one is the matter of other requirements."""
    answer = party.try_get_token()
    if not isinstance(answer, Token) or not isinstance(answer.access_token, str):
        untestable(f"one of the clients has no token: {described(answer)}")
    return answer.access_token


def _record_of(party: LabClient, token: str) -> TokenRecord:
    """Return what the server of this client knows about a token; one that it does not know belongs to nobody."""
    return party.tenant.active(token) or untestable("one of the clients has a token that its server does not know as active")


def _in_turns(parties: tuple[LabClient, LabClient], names: tuple[str, str], owners: Callable[[TokenRecord], list[str]]) -> None:
    """Let both clients get a token twice, in turns, and require that each belongs to the name of its client."""
    for party, name in 2 * tuple(zip(parties, names, strict=True)):
        found = owners(_record_of(party, _token_of(party)))
        require(name in found, expected=f"a token of {name}", seen=f"a token of {' '.join(found)}")
