"""Get the first token request of a client, and its renewal."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSON
from oauth_gauntlet_server import RecordedRequest


def first_and_renewal(client: LabClient, **changes: JSON) -> tuple[RecordedRequest, RecordedRequest]:
    """Configure the client with changes, and return its first token request and its renewal. Both stay in the journal.

    The renewal is the last request that did not go to the resource, wherever else it went.

    Raises:
        Untestable: the client sends no such pair.
    """
    renewal = client.renewal
    assert renewal is not None, "a scenario of the category renewal declares renewals, and first=False"
    renewal.keeps_journal = True
    client.obtain(**changes)
    first = renewal.first_request
    if first is None:
        untestable("the client has sent no first token request")
    others = [exchange.request for exchange in client.tenant.journal.exchanges() if exchange.endpoint != "resource"]
    return first, others[-1]


def require_kept(client: LabClient, first: str, second: str, text: str) -> None:
    """Require that something of the first request is the same in the renewal; `text` marks it there."""
    require(
        second == first,
        expected=f"{first}, as in the first request",
        seen=f"the renewal {client.renewal_occasion} used {second}, the first request {first}",
        mark=renewal_mark(client, text),
    )


def renewal_mark(client: LabClient, text: str) -> Mark:
    """Return a mark at a text of the renewal, after which there may be a request to the resource."""
    endpoints = [exchange.endpoint for exchange in client.tenant.journal.exchanges()]
    place = next(place for place in range(-1, -len(endpoints) - 1, -1) if endpoints[place] != "resource")
    return Mark(text=text, exchange=place)


def names_and_values(request: RecordedRequest, *names: str) -> str:
    """Return the parameters of a body with these names as text, sorted; or "none" of them."""
    found = sorted(f"{name}={value}" for name, value in witness.form(request) if name in names)
    return " ".join(found) or f"no {' and no '.join(names)}"
