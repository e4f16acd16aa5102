"""Get the assertion that the client sends, and judge a refusal to send one.

The witness verifies it with PyJWT; the mock server uses another library, so an error in one of them shows.
"""

from __future__ import annotations

import time

from oauth_gauntlet import witness
from oauth_gauntlet.checks import Breach, advise, require, untestable
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSON, ErrorInfo, ErrorKind
from oauth_gauntlet.requirement import JWT_BEARER
from oauth_gauntlet_server import Tenant, faults

JWT = [JWT_BEARER]


ASSERTION = Mark(text="assertion=")

NEXT_SECOND_S = 1.1
"""Seconds of real time after which the times of an assertion, which count in seconds, differ."""

# As seconds this is the year 33658; as milliseconds it is 2001. So a greater number counts milliseconds.
_MILLISECONDS = 1e12


def sent_assertion(client: LabClient, parameter: str = "assertion", **changes: JSON) -> witness.Assertion:
    """Configure the client with changes, ask for a token, and return the assertion in a parameter of its request.

    Without an assertion that can be read the scenario is untestable. That it can be read is the subject of
    jwt.grant-and-assertion, jwt.base64url-unpadded and clientauth.single-jwt.
    """
    answer = client.obtain(**changes)
    if not client.token_requests():
        untestable(f"the client sent no assertion: it reported {described(answer)}")
    return readable_assertion(client, parameter)


def readable_assertion(client: LabClient, parameter: str = "assertion") -> witness.Assertion:
    """Return the assertion in a parameter of the last token request; untestable if it cannot be read."""
    try:
        return witness.assertion(client.token_request(), parameter)
    except Breach as breach:
        untestable(f"the parameter {parameter} cannot be read: {breach.seen}")


def after_failure(
    client: LabClient, tenant: Tenant, parameter: str = "assertion", *, pause_s: float = 0.0
) -> tuple[witness.Assertion, ...]:
    """Let a token request fail with 503, ask again after a pause, and return the assertions in a parameter of all requests.

    Raises:
        Untestable: the client sent fewer than two requests, or one without an assertion that can be read.
    """
    tenant.arm(faults.http_status(503, "later", content_type="text/plain"))
    client.try_get_token()
    tenant.clear_faults()
    time.sleep(pause_s)
    client.try_get_token()
    requests = client.token_requests()
    if len(requests) < 2:
        untestable("the client sent fewer than two token requests")
    try:
        return tuple(witness.assertion(request, parameter) for request in requests)
    except Breach as breach:
        untestable(f"the parameter {parameter} cannot be read: {breach.seen}")


def audiences(claims: dict[str, JSON]) -> list[JSON]:
    """Return the values of aud: a string, or an array of strings (RFC 7519 4.1.3)."""
    found = claims.get("aud")
    return found if isinstance(found, list) else [found]


def is_seconds(value: JSON) -> bool:
    """Return whether a claim is a JSON number that may count seconds."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value < _MILLISECONDS


def require_clear_refusal(answer: object, what: str) -> None:
    """Check the answer of a client that sent nothing: an error, and preferably a configuration error that tells why.

    Nothing was sent, so no harm was done; but an error of another kind does not tell the user to correct the configuration.
    """
    require(isinstance(answer, ErrorInfo), expected=f"an error about {what}", seen=described(answer))
    assert isinstance(answer, ErrorInfo)
    advise(
        answer.kind is ErrorKind.CONFIG,
        expected=f"a documented configuration error (kind config) about {what}",
        seen=f"nothing was sent, and the client reported {described(answer)}",
    )
