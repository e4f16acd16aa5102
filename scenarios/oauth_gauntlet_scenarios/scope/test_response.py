"""The scope of the response: the application learns what was granted.

A client may also refuse a scope that differs from the requested one: RFC 6749 3.3 obliges the server to tell the scope, and
no sentence obliges the client to be content with it.
"""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, documented
from oauth_gauntlet.protocol import JSON, Token
from oauth_gauntlet.requirement import INTEROP, MUST, SERVER, Variant, practice, quote, requirement, rule
from oauth_gauntlet_scenarios.parse.answers import complete
from oauth_gauntlet_server import Tenant

_INFORMED = quote(
    "RFC 6749 3.3",
    "If the issued access token scope is different from the one requested by the client, the authorization server MUST include"
    ' the "scope" response parameter to inform the client of the actual scope granted.',
    binds=SERVER,
)


def _arm(client: LabClient, tenant: Tenant, *, requested: str, answered: JSON) -> None:
    """Configure a scope, and arm a response with another one, after a control with the requested scope."""
    client.control(complete(scope=requested), scope=requested)
    tenant.arm(complete(scope=answered))
    client.configure(scope=requested)


def _require_granted_scope_or_refusal(client: LabClient, tenant: Tenant, *, requested: str, granted: str) -> None:
    """Request one scope and grant another; require a token with the granted one, or with none shown, or a documented error."""
    _arm(client, tenant, requested=requested, answered=granted)
    answer = client.try_get_token()
    documented(answer)
    if isinstance(answer, Token):
        _require_shown(answer, granted)


def _require_shown(token: Token, granted: str) -> None:
    """Require that the token shows the granted scope, in any order, or none."""
    require(
        not token.scope or set(token.scope.split(" ")) == set(granted.split(" ")),
        expected=f'the granted scope "{granted}", or none, shown to the application',
        seen=f"the scope {token.scope!r}",
    )


# RFC 6749 does not require a client to show the scope; but the requested scope would mislead the application.
@requirement(
    "scope.narrowed-in-response",
    level=INTEROP,
    basis=[practice("An application that is told the requested scope does not know what it may do."), _INFORMED],
    parameters=["scope"],
    statement="The client shows a narrower scope of the response to the application, or refuses it clearly.",
)
def test_narrowed_in_response(client: LabClient, tenant: Tenant) -> None:
    """Do: request "read write", the server grants "read".

    Check: a token with the scope that was granted, or with none shown; or a documented error.
    """
    _require_granted_scope_or_refusal(client, tenant, requested="read write", granted="read")


@requirement(
    "scope.widened-in-response",
    level=INTEROP,
    basis=[practice("Servers add scopes of their own, such as a default scope."), _INFORMED],
    parameters=["scope"],
    statement="The client shows a wider scope of the response to the application, or refuses it clearly.",
)
def test_widened_in_response(client: LabClient, tenant: Tenant) -> None:
    """Do: request "read", the server grants "read write openid".

    Check: a token with the scope that was granted, or with none shown; or a documented error.
    """
    _require_granted_scope_or_refusal(client, tenant, requested="read", granted="read write openid")


@requirement(
    "scope.absent-in-response",
    level=MUST,
    basis=rule("RFC 6749 5.1", "OPTIONAL, if identical to the scope requested by the client; otherwise, REQUIRED."),
    parameters=["scope"],
    statement="A response without scope means that the granted scope is the requested one.",
)
def test_absent_in_response(client: LabClient, tenant: Tenant) -> None:
    """Do: request "read write"; the response has no scope.

    Check: a token, and no other scope shown for it.
    """
    client.control(complete(scope="read write"), scope="read write")
    tenant.arm(complete())
    client.configure(scope="read write")
    _require_shown(client.get_token(), "read write")


@requirement(
    "scope.reordered-in-response",
    level=MUST,
    basis=rule("RFC 6749 3.3", "If the value contains multiple space-delimited strings, their order does not matter"),
    parameters=["scope"],
    statement="The client accepts the requested scopes in another order.",
)
def test_reordered_in_response(client: LabClient, tenant: Tenant) -> None:
    """Do: request "read write admin", the server grants "admin read write".

    Check: the application gets the token.
    """
    _arm(client, tenant, requested="read write admin", answered="admin read write")
    client.get_token()


# The variants of parse.scope-odd: a client that has requested a scope compares or splits that of the response.
@requirement(
    "scope.odd-in-response",
    level=INTEROP,
    basis=[practice("Several servers send the scope as an array or as null."), _INFORMED],
    parameters=["scope"],
    covered_by=["parse.scope-odd"],
    statement="After a request for a scope, a scope of another type gives a token or a clear error, never a crash.",
    variants={"array": ["read", "write"], "null": None, "number": 7, "object": {"read": True}, "empty": ""},
)
def test_odd_in_response(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: request "read write"; scope in the response is an array, null, a number, an object or empty.

    Check: a token or a documented error.
    """
    _arm(client, tenant, requested="read write", answered=variant.value)
    documented(client.try_get_token())
