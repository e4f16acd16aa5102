"""Sizes: what a client accepts, and where it stops."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, ResourceResponse
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    INTEROP,
    RECIPIENT,
    SHOULD,
    Variant,
    practice,
    quote,
    requirement,
    rule,
)
from oauth_gauntlet_scenarios.resource.requests import show_that_requests_are_accepted
from oauth_gauntlet_server import Tenant, faults

_MIB = 1024 * 1024

_SIZES = [
    rule("RFC 6749 5.1", "The sizes of tokens and other values received from the authorization server are left undefined."),
    quote("RFC 6749 5.1", "The client should avoid making assumptions about value sizes."),
]

_MAY_LIMIT = quote("RFC 8259 9", "An implementation may set limits on the size of texts that it accepts.", binds=RECIPIENT)


# Not longer: a token above 32 KiB fits into no request that usual servers accept, so a client may limit it to that.
@requirement(
    "limits.long-token",
    level=SHOULD,
    basis=_SIZES,
    statement="The application gets access tokens of 8 to 32 KiB in full.",
    variants={"8k": 8 * 1024, "16k": 16 * 1024, "32k": 32 * 1024},
)
def test_long_token(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the access token is 8, 16 or 32 KiB long. Check: the application gets all of it."""
    client.control()
    tenant.arm(faults.fault("long_token", octets=variant.value))
    token = str(client.get_token().access_token)
    require(len(token) == variant.value, expected=f"{variant.value} characters", seen=f"{len(token)} characters")


@requirement(
    "limits.long-token-used",
    level=SHOULD,
    basis=_SIZES,
    covered_by=["limits.long-token"],
    capabilities=["resource"],
    statement="An access token of 8 KiB arrives in full at the resource.",
)
def test_long_token_used(client: LabClient, tenant: Tenant) -> None:
    """Do: use a resource with a plain token; then with one of 8 KiB. Check: the resource answers 200."""
    show_that_requests_are_accepted(client)
    tenant.arm(faults.fault("long_token", octets=8 * 1024))
    answer = client.try_request()
    require(
        isinstance(answer, ResourceResponse) and answer.status == 200,
        expected="HTTP 200 with the token that was issued",
        seen=described(answer),
        mark=Mark(text="Authorization") if tenant.journal.count("resource") else None,
    )


@requirement(
    "limits.many-members",
    level=INTEROP,
    basis=[practice("A parser that breaks at many members takes the whole application down."), _MAY_LIMIT],
    statement="A token document with 10,000 more members gives a token or an error that the client documents.",
)
def test_many_members(client: LabClient, tenant: Tenant) -> None:
    """Do: the token document has 10,000 more members. Check: a token or a documented error."""
    members = {"access_token": "among-many", "token_type": "Bearer", "expires_in": 3600}
    client.control(faults.token_response(members))
    tenant.arm(faults.token_response(members | {f"member_{number}": number for number in range(10_000)}))
    documented(client.try_get_token())


@requirement(
    "limits.deep-nesting",
    level=INTEROP,
    basis=[
        practice("A parser that recurses without a limit ends the process, or raises an error that no application expects."),
        quote("RFC 8259 9", "An implementation may set limits on the maximum depth of nesting.", binds=RECIPIENT),
    ],
    statement="A document nested 10,000 levels deep gives a token or an error that the client documents.",
    variants=["array", "object"],
)
def test_deep_nesting(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: a member is nested 10,000 levels deep.

    Check: a token or a documented error; the client does not crash.
    """
    client.control(faults.fault("deep_body", kind=variant.name, depth=1))
    tenant.arm(faults.fault("deep_body", kind=variant.name))
    documented(client.try_get_token())


@requirement(
    "limits.huge-body",
    level=INTEROP,
    basis=[
        practice("A proxy or an attacker sends more than any token response; the application has to survive it."),
        _MAY_LIMIT,
    ],
    grants=[CLIENT_CREDENTIALS],
    statement="A body of 10 MB gives a token or an error that the client documents.",
)
def test_huge_body(client: LabClient, tenant: Tenant) -> None:
    """Do: the token document is 10 MB long. Check: a token or a documented error."""
    client.control(faults.fault("large_body", octets=2_000))
    tenant.arm(faults.fault("large_body", octets=10_000_000))
    documented(client.try_get_token())


@requirement(
    "limits.endless-body",
    level=INTEROP,
    basis=[practice("A client that reads a body of any size uses up the memory of its process."), _MAY_LIMIT],
    grants=[CLIENT_CREDENTIALS],
    statement="The client does not read an endless body forever.",
)
def test_endless_body(client: LabClient, tenant: Tenant) -> None:
    """Do: the body is a document of 64 MiB, mostly white space, without a length.

    Check: an error before its end.

    A client that reads all of it would read an endless body too. The document is complete only with its last
    octet, so a client that stops earlier has no document.
    """
    client.control(faults.fault("large_body", octets=2_000, by="inner-space"), faults.fault("until_close"))
    tenant.arm(faults.fault("large_body", octets=64 * _MIB, by="inner-space"))
    tenant.arm(faults.fault("until_close"))
    answer = client.try_get_token()
    require(
        isinstance(answer, ErrorInfo),
        expected="an error when the body is larger than any token response",
        seen=f"the client read 64 MiB: {described(answer)}",
    )
    documented(answer)
