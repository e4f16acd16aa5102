"""The member refresh_token: kept or exposed, odd types."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, documented
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import INTEROP, MUST, PASSWORD, REFRESH_TOKEN, Variant, requirement
from oauth_gauntlet_server import Tenant, faults


# RFC 6749 §5.1: refresh_token OPTIONAL, "can be used to obtain new access tokens".
@requirement(
    "parse.refresh-token-returned",
    level=MUST,
    source="RFC 6749 5.1",
    grants=[PASSWORD, REFRESH_TOKEN],
    capabilities=["refresh"],
    statement="The client exposes or keeps a refresh token of the response.",
)
def test_refresh_token_returned(client: LabClient, tenant: Tenant) -> None:
    """Do: the response contains a refresh token; then refresh.

    Check: the client exposes this token, or sends it.
    """
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


# RFC 6749 §5.1, Appendix A.17: refresh-token = 1*VSCHAR, a string. Another type cannot be sent later.
@requirement(
    "parse.refresh-token-odd",
    level=INTEROP,
    source="practice; RFC 6749 5.1",
    statement="A refresh token that is not a string gives a token or a clear error, never a crash.",
    variants={"number": 12345, "true": True, "array": ["a"], "object": {"token": "a"}},
)
def test_refresh_token_odd(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: refresh_token in the response has another type. Check: a token or a documented error."""
    tenant.arm(faults.token_member("refresh_token", variant.value))
    documented(client.try_get_token())
