"""Sizes: what a client accepts, and where it stops."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import CLIENT_CREDENTIALS, INTEROP, SHOULD, Variant, requirement
from oauth_gauntlet_server import Tenant, faults

_MIB = 1024 * 1024


# RFC 6749 §5.1: "The client should avoid making assumptions about value sizes."
@requirement(
    "limits.long-token",
    level=SHOULD,
    source="RFC 6749 5.1",
    statement="The application gets access tokens of 8 to 64 KiB in full.",
    variants={"8k": 8 * 1024, "16k": 16 * 1024, "64k": 64 * 1024},
)
def test_long_token(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the access token is 8, 16 or 64 KiB long. Check: the application gets all of it."""
    tenant.arm(faults.fault("long_token", octets=variant.value))
    token = str(client.get_token().access_token)
    require(len(token) == variant.value, expected=f"{variant.value} characters", seen=f"{len(token)} characters")


@requirement(
    "limits.long-token-used",
    level=SHOULD,
    source="RFC 6749 5.1",
    capabilities=["resource"],
    statement="An access token of 8 KiB arrives in full at the resource.",
)
def test_long_token_used(client: LabClient, tenant: Tenant) -> None:
    """Do: get an access token of 8 KiB, and send a request to a resource. Check: the resource answers 200."""
    tenant.arm(faults.fault("long_token", octets=8 * 1024))
    client.get_token()
    status = client.request().status
    require(
        status == 200,
        expected="HTTP 200 with the token that was issued",
        seen=f"HTTP {status}",
        mark=Mark(text="Authorization"),
    )


# RFC 8259 §9: "An implementation may set limits on the size of texts that it accepts", and on the depth of
# nesting.
@requirement(
    "limits.many-members",
    level=INTEROP,
    source="RFC 8259 9",
    statement="A token document with 10,000 more members gives a token or an error that the client documents.",
)
def test_many_members(client: LabClient, tenant: Tenant) -> None:
    """Do: the token document has 10,000 more members. Check: a token or a documented error."""
    members = {"access_token": "among-many", "token_type": "Bearer", "expires_in": 3600}
    tenant.arm(faults.token_response(members | {f"member_{number}": number for number in range(10_000)}))
    documented(client.try_get_token())


@requirement(
    "limits.deep-nesting",
    level=INTEROP,
    source="RFC 8259 9",
    statement="A document nested 10,000 levels deep gives a token or an error that the client documents.",
    variants=["array", "object"],
)
def test_deep_nesting(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: a member is nested 10,000 levels deep.

    Check: a token or a documented error; the client does not crash.
    """
    tenant.arm(faults.fault("deep_body", kind=variant.name))
    documented(client.try_get_token())


@requirement(
    "limits.huge-body",
    level=INTEROP,
    source="practice",
    grants=[CLIENT_CREDENTIALS],
    statement="A body of 10 MB gives a token or an error that the client documents.",
)
def test_huge_body(client: LabClient, tenant: Tenant) -> None:
    """Do: the token document is 10 MB long. Check: a token or a documented error."""
    tenant.arm(faults.fault("large_body", octets=10_000_000))
    documented(client.try_get_token())


@requirement(
    "limits.endless-body",
    level=INTEROP,
    source="practice",
    grants=[CLIENT_CREDENTIALS],
    statement="The client does not read an endless body forever.",
)
def test_endless_body(client: LabClient, tenant: Tenant) -> None:
    """Do: the body is a document of 64 MiB, mostly white space, without a length.

    Check: an error before its end.

    A client that reads all of it would read an endless body too. The document is complete only with its last
    octet, so a client that stops earlier has no document.
    """
    tenant.arm(faults.fault("large_body", octets=64 * _MIB, by="inner-space"))
    tenant.arm(faults.fault("until_close"))
    answer = client.try_get_token()
    require(
        isinstance(answer, ErrorInfo),
        expected="an error when the body is larger than any token response",
        seen=f"the client read 64 MiB: {described(answer)}",
    )
    documented(answer)
