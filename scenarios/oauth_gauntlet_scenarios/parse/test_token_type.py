"""The member token_type: any case, missing, of another type, unknown."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, documented
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, Token
from oauth_gauntlet.requirement import INTEROP, MUST, SERVER, Variant, practice, quote, requirement, rule
from oauth_gauntlet_scenarios.parse.answers import ACCESS_TOKEN, complete, control, require_no_crash, response_mark
from oauth_gauntlet_server import Tenant, faults

_REQUIRED = quote("RFC 6749 5.1", "REQUIRED. The type of the token issued as described in Section 7.1.", binds=SERVER)
_UNDERSTOOD = quote("RFC 6749 7.1", "The client MUST NOT use an access token if it does not understand the token type.")


@requirement(
    "parse.token-type-case",
    level=MUST,
    basis=rule("RFC 6749 5.1", "Value is case insensitive."),
    statement="The client compares token_type case-insensitively.",
    variants={"lower": "bearer", "upper": "BEARER", "mixed": "bEaReR"},
)
def test_token_type_case(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: token_type is in lower, upper or mixed case. Check: the application gets the token."""
    client.control()
    tenant.arm(faults.token_member("token_type", variant.value))
    client.get_token()


# Not a violation of 7.1: many clients are configured for bearer tokens, and so know the type without the member.
@requirement(
    "parse.token-type-missing",
    level=INTEROP,
    basis=[
        practice("A client that assumes Bearer also does so for a server that sends the type under another name."),
        _REQUIRED,
    ],
    statement="The client refuses a response without token_type, or does not invent a type.",
)
def test_token_type_missing(client: LabClient, tenant: Tenant) -> None:
    """Do: the response has no token_type. Check: an error, or a token without a type."""
    client.control()
    tenant.arm(faults.without_token_member("token_type"))
    answer = client.try_get_token()
    require_no_crash(answer)
    require(
        isinstance(answer, ErrorInfo) or not answer.token_type,
        expected="an error, or a token without a type",
        seen=f"a token of type {answer.token_type!r}" if isinstance(answer, Token) else "",
        mark=response_mark("access_token"),
    )


@requirement(
    "parse.token-type-odd",
    level=INTEROP,
    basis=[
        practice("Servers that write every member of a data type send null; a client that compares in lower case crashes."),
        _REQUIRED,
    ],
    statement="A token_type that is not a string gives a token or a clear error, never a crash.",
    variants={"null": None, "number": 1, "array": ["Bearer"], "object": {"type": "Bearer"}, "empty": ""},
)
def test_token_type_odd(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: token_type is null, a number, an array, an object or empty. Check: a token or a documented error."""
    control(client)
    tenant.arm(complete(token_type=variant.value))
    documented(client.try_get_token())


# A client that knows the type mac could not use this token either: the response has no key and no algorithm. So the token
# must not leave the client at all, with whatever scheme.
@requirement(
    "parse.token-type-unknown",
    level=MUST,
    basis=_UNDERSTOOD,
    capabilities=["resource"],
    statement="The client does not use a token of a type that it does not understand.",
    variants={"mac": "mac", "unregistered": "gauntlet"},
)
def test_token_type_unknown(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: token_type is "mac", or a type that nobody knows; let the client send a request.

    Check: the token is not in that request: with no scheme, and not in the request target or the body.
    """
    control(client)
    tenant.arm(complete(token_type=variant.value))
    client.try_request()
    for request in tenant.journal.requests("resource"):
        header = request.header("authorization") or ""
        require(
            ACCESS_TOKEN.encode() not in request.raw,
            expected=f"no use of a token with token_type {variant.value}",
            seen=f"Authorization: {header[:60]}" if ACCESS_TOKEN in header else f"{request.method} {request.target[:120]}",
            mark=Mark(text=header if ACCESS_TOKEN in header else request.target),
        )
