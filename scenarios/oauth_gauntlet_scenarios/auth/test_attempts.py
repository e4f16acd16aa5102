"""Attempts: the first request carries the credentials, and a refusal does not start a loop."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    EXPIRY,
    INTEROP,
    PASSWORD,
    REFRESH,
    REFRESH_TOKEN,
    practice,
    quote,
    requirement,
)
from oauth_gauntlet_scenarios.auth.authorization import WITH_CLIENT
from oauth_gauntlet_server import Tenant, faults


# Not a must: "MUST authenticate" (RFC 6749 3.2.1) leaves open whether a challenge comes first, and RFC 7617 allows both.
@requirement(
    "auth.preemptive",
    level=INTEROP,
    basis=[
        practice(
            "Token endpoints answer a request without credentials with invalid_client and often send no challenge; "
            "servers that lock accounts count it as a failed login."
        ),
        quote(
            "RFC 7617 2.2",
            "A client MAY preemptively send the corresponding Authorization header field with requests for resources in "
            "that space without receipt of another challenge from the server.",
        ),
    ],
    covered_by=["auth.client-authenticates"],
    grants=[REFRESH_TOKEN, CLIENT_CREDENTIALS, PASSWORD],
    renewals=[EXPIRY, REFRESH],
    statement="The first token request contains the client's credentials; the client does not wait for a challenge.",
)
def test_preemptive(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token. Check: the first request has an Authorization field, or client_id in its body."""
    client.try_get_token()
    client.token_request()
    request = tenant.journal.requests("token")[0]
    names = {name for name, _ in witness.form(request)}
    require(
        request.header("authorization") is not None or names & {"client_id", "client_assertion"},
        expected="credentials in the first request",
        seen=f"neither Authorization nor client_id; parameters: {', '.join(sorted(names))}",
        mark=Mark(text="POST", exchange=0),
    )


# Some clients try the other method once after a 401. That is a warning; a loop is a failure.
@requirement(
    "auth.401-not-looped",
    level=INTEROP,
    basis=practice("Servers that count failed logins lock the account of a client that repeats refused credentials."),
    grants=WITH_CLIENT,
    statement="The client reports invalid_client, and does not retry in a loop.",
)
def test_401_not_looped(client: LabClient, tenant: Tenant) -> None:
    """Do: the token endpoint answers every request with 401 invalid_client.

    Check: an error for the application after one request. A second request, with another method, is a warning too.
    """
    tenant.arm(faults.oauth_error("invalid_client", status=401))
    answer = client.try_get_token()
    count = tenant.journal.count("token")
    require(
        isinstance(answer, ErrorInfo),
        expected="an error for the application",
        seen=described(answer),
    )
    require(count <= 2, expected="one token request", seen=f"{count} token requests")
    advise(count == 1, expected="one token request", seen=f"{count} token requests")
