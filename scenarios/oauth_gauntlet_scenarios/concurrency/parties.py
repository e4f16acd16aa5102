"""Two clients of one program that ask for tokens in turns, and whose token each of them gets.

Both clients are configured before the first token is requested: a client that empties the cache of its process in its
constructor is not tested by anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.protocol import JSON, Token
from oauth_gauntlet_server import RecordedRequest, TokenRecord

Names = tuple[str, str]
Parties = tuple[LabClient, LabClient]
Owners = Callable[[TokenRecord, RecordedRequest], Iterable[str]]
"""Returns the names to which a token belongs, from the server's record of it and from the request that obtained it."""


def configured(client: LabClient, changes: Callable[[str], dict[str, JSON]], names: Names) -> Parties:
    """Configure the client and another instance, each with the changes for its name; return both.

    Raises:
        Untestable: the client rejects one of the configurations.
    """
    parties = (client, client.another_instance())
    for party, name in zip(parties, names, strict=True):
        configure(party, changes(name))
    return parties


def configure(party: LabClient, changes: dict[str, JSON]) -> None:
    """Configure one client with changes to the defaults.

    Raises:
        Untestable: the client rejects the configuration.
    """
    refusal = party.try_configure(**changes)
    if refusal is not None:
        untestable(f"the client rejected one of the configurations: {described(refusal)}")


def token_of(party: LabClient) -> str:
    """Return the access token that a client gets.

    Raises:
        Untestable: it gets none, which is the matter of other requirements.
    """
    answer = party.try_get_token()
    if not isinstance(answer, Token) or not isinstance(answer.access_token, str):
        untestable(f"one of the clients has no token: {described(answer)}")
    return answer.access_token


def record_of(party: LabClient, token: str) -> TokenRecord:
    """Return what the server of this client knows about a token.

    Raises:
        Untestable: the server does not know the token, or knows it as expired or revoked; it belongs to nobody.
    """
    return party.tenant.active(token) or untestable("one of the clients has a token that its server does not know as active")


def kept_without(key: str, *, sent: int) -> str:
    """Return how a token got to the wrong client: from a cache whose key lacks `key`, or by one of `sent` requests."""
    return f"the request was made with the {key} of another one" if sent else f"tokens are kept without their {key}"


def in_turns(parties: Parties, names: Names, key: str, owners: Owners) -> None:
    """Let both clients get a token twice, in turns, and require that each belongs to the name of its client.

    `key` is in what the clients differ, such as ``client id``.

    Raises:
        Breach: a client got a token of the other one.
        Untestable: a client got no token, or one without any owner.
    """
    for party, name in 2 * tuple(zip(parties, names, strict=True)):
        before = party.tenant.journal.count("token")
        token = token_of(party)
        sent = party.tenant.journal.count("token") - before
        found = tuple(owners(record_of(party, token), _request_for(party, token)))
        if not found:
            untestable(f"the client requested no {key}")
        require(
            name in found,
            expected=f"a token of {name}",
            seen=f"{kept_without(key, sent=sent)}: {name} got a token of {' '.join(found)}",
        )


def _request_for(party: LabClient, token: str) -> RecordedRequest:
    """Return the request that obtained a token."""
    exchanges = party.tenant.journal.exchanges("token")
    found = (each.request for each in exchanges if each.response is not None and token.encode() in each.response.body)
    return next(found, None) or untestable("one of the clients has a token that no response contained")
