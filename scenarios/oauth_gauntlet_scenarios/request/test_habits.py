"""Header fields that a request should have, and one that it should not have: what servers in the field stumble over.

Each of these requests is legal. A scheme in lower case at the resource is the matter of resource.bearer-spelled.
"""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import Token
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    INTEROP,
    REFRESH_TOKEN,
    SHOULD,
    USER_AGENT,
    practice,
    quote,
    requirement,
)
from oauth_gauntlet_server import Tenant, faults


@requirement(
    "request.user-agent",
    level=SHOULD,
    basis=[
        quote(
            "RFC 9110 10.1.5",
            "A user agent SHOULD send a User-Agent header field in each request unless specifically configured not to do so.",
            binds=USER_AGENT,
        ),
        practice("Some providers and firewalls answer 403 to a request without User-Agent."),
    ],
    grants=[CLIENT_CREDENTIALS],
    platform=True,
    statement="The token request has a User-Agent.",
)
def test_user_agent(client: LabClient) -> None:
    """Do: get a token. Check: the request has a User-Agent that is not empty."""
    client.try_get_token()
    request = client.token_request()
    require(
        (request.header("user-agent") or "").strip(),
        expected="a User-Agent with the name of the client or of its HTTP library",
        seen="no User-Agent in the token request",
        mark=Mark(text=request.method),
    )


# RFC 9110 12.5.1: without Accept, any media type is acceptable. So a client that reads a form need not name JSON.
@requirement(
    "request.accept-or-form",
    level=INTEROP,
    basis=practice("GitHub answers a refresh request with a form, unless Accept names application/json."),
    grants=[REFRESH_TOKEN],
    statement="The client asks for JSON by Accept, or reads a form-encoded token response.",
)
def test_accept_or_form(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token. If Accept names neither application/json nor application/*, let the response be a form.

    Check: a token in each case.
    """
    client.try_get_token()
    accept = ", ".join(client.token_request().header_values("accept"))
    ranges = {part.split(";")[0].strip().lower() for part in accept.split(",")}
    if ranges & {"application/json", "application/*"}:
        return
    client.fresh()
    tenant.arm(faults.fault("form_encoded", content_type="application/x-www-form-urlencoded; charset=utf-8"))
    answer = client.try_get_token()
    require(
        isinstance(answer, Token) and tenant.active(str(answer.access_token)) is not None,
        expected="Accept: application/json in the request, or a token from a response that is a form",
        seen=f"the request does not ask for JSON ({f'Accept: {accept}' if accept else 'no Accept'}), and the client does not "
        f"read a form: {described(answer)}",
        mark=Mark(text=accept or client.token_request().method),
    )


# RFC 9110 10.1.1 allows it, for content that is "presumably large".
@requirement(
    "request.no-expect",
    level=INTEROP,
    basis=practice(
        "Some servers and proxies answer 417 to Expect, or send no interim response: the client then waits for a second in "
        "vain, with each token. A token request is so small that nothing is won."
    ),
    grants=[CLIENT_CREDENTIALS],
    platform=True,
    statement="The token request does not ask for an interim response before its small body.",
)
def test_no_expect(client: LabClient) -> None:
    """Do: get a token. Check: the request has no field Expect."""
    client.try_get_token()
    request = client.token_request()
    require(
        request.header("expect") is None,
        expected="a token request that is sent at once",
        seen=f"Expect: {request.header('expect')}, with a body of {len(request.body)} octets",
        mark=Mark(text=f"{request.header('expect')}"),
    )
