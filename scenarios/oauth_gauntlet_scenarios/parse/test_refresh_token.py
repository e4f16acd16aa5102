"""The member refresh_token: kept or exposed, odd types."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, documented
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import (
    INTEROP,
    PASSWORD,
    REFRESH_TOKEN,
    SERVER,
    Variant,
    practice,
    quote,
    requirement,
)
from oauth_gauntlet_server import Tenant, faults


# No sentence obliges a client to keep a first refresh token; what replaces one is judged by refresh.rotation-replaces.
@requirement(
    "parse.refresh-token-returned",
    level=INTEROP,
    basis=[
        practice("Without the refresh token, the user has to sign in again when the access token ends."),
        quote("RFC 6749 5.1", "The refresh token, which can be used to obtain new access tokens", binds=SERVER),
    ],
    grants=[PASSWORD, REFRESH_TOKEN],
    capabilities=["refresh"],
    covered_by=["refresh.rotation-replaces"],
    statement="The client exposes or keeps a refresh token of the response.",
)
def test_refresh_token_returned(client: LabClient, tenant: Tenant) -> None:
    """Do: the response contains a refresh token; then refresh.

    Check: the client exposes this token, or sends it.
    """
    client.control()
    tenant.configure(strict=False)
    tenant.arm(faults.token_member("refresh_token", "refresh-token-of-the-answer"), times=1)
    token = client.get_token()
    client.try_refresh()
    sent = {value for request in client.token_requests() for name, value in request.form if name == "refresh_token"}
    require(
        token.refresh_token == "refresh-token-of-the-answer" or "refresh-token-of-the-answer" in sent,
        expected="the refresh token of the response, exposed or sent with the next refresh",
        seen="neither",
        mark=Mark(text="refresh-token-of-the-answer", part="response", exchange=0),
    )


@requirement(
    "parse.refresh-token-odd",
    level=INTEROP,
    basis=[
        practice("A refresh token of another type cannot be sent later, and servers with numeric identifiers send one."),
        quote("RFC 6749 5.1", "Parameter names and string values are included as JSON strings.", binds=SERVER),
    ],
    statement="A refresh token that is not a string gives a token or a clear error, never a crash.",
    variants={"number": 12345, "true": True, "array": ["a"], "object": {"token": "a"}},
)
def test_refresh_token_odd(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: refresh_token in the response has another type. Check: a token or a documented error."""
    client.control()
    tenant.arm(faults.token_member("refresh_token", variant.value))
    documented(client.try_get_token())
