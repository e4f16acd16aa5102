"""The member token_type: any case, missing, unknown."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, Token
from oauth_gauntlet.requirement import INTEROP, MUST, Variant, requirement
from oauth_gauntlet_scenarios.parse.answers import require_no_crash, response_mark
from oauth_gauntlet_server import Tenant, faults


# RFC 6749 §5.1: token_type "Value is case insensitive."
@requirement(
    "parse.token-type-case",
    level=MUST,
    source="RFC 6749 5.1",
    statement="The client compares token_type case-insensitively.",
    variants={"lower": "bearer", "upper": "BEARER", "mixed": "bEaReR"},
)
def test_token_type_case(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: token_type is in lower, upper or mixed case. Check: the application gets the token."""
    tenant.arm(faults.token_member("token_type", variant.value))
    client.get_token()


# RFC 6749 §5.1: token_type is REQUIRED; §7.1: a client must not use a token whose type it does not
# understand. Many clients assume Bearer if it is missing.
@requirement(
    "parse.token-type-missing",
    level=INTEROP,
    source="RFC 6749 5.1, 7.1",
    statement="The client refuses a response without token_type, or does not invent a type.",
)
def test_token_type_missing(client: LabClient, tenant: Tenant) -> None:
    """Do: the response has no token_type. Check: an error, or a token without a type."""
    tenant.arm(faults.without_token_member("token_type"))
    answer = client.try_get_token()
    require_no_crash(answer)
    require(
        isinstance(answer, ErrorInfo) or answer.token_type is None,
        expected="an error, or a token without a type",
        seen=f"a token of type {answer.token_type!r}" if isinstance(answer, Token) else "",
        mark=response_mark("access_token"),
    )


# RFC 6749 §7.1: "The client MUST NOT use an access token if it does not understand the token type."
@requirement(
    "parse.token-type-unknown",
    level=MUST,
    source="RFC 6749 7.1",
    capabilities=["resource"],
    statement="The client does not use a token of a type that it does not understand.",
)
def test_token_type_unknown(client: LabClient, tenant: Tenant) -> None:
    """Do: token_type is "mac"; let the client send a request.

    Check: the token is not sent as a bearer token, neither with the Bearer scheme nor in the request target.
    """
    tenant.arm(faults.token_member("token_type", "mac"))
    client.try_request()
    for request in tenant.journal.requests("resource"):
        header = request.header("authorization") or ""
        require(
            not header.lower().startswith("bearer "),
            expected="no use of a token with token_type mac",
            seen=f"Authorization: {header[:60]}",
            mark=Mark(text=header),
        )
        require(
            not any(str(grant["access_token"]) in request.target for grant in client.grants()),
            expected="no use of a token with token_type mac",
            seen=f"the request target {request.target[:120]}",
            mark=Mark(text=request.target),
        )
