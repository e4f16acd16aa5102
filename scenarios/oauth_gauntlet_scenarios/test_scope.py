"""Scope: space-delimited, case-sensitive, sent only if configured, and shown as granted."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import INTEROP, MUST, Variant, requirement
from oauth_gauntlet_server import Tenant, faults


def _sent_tokens(client: LabClient) -> set[str]:
    return witness.scope_tokens(client.token_request())


# RFC 6749 §3.3: scope "is expressed as a list of space-delimited, case-sensitive strings"; order does not
# matter.
@requirement(
    "scope.space-delimited",
    level=MUST,
    source="RFC 6749 3.3",
    parameters=["scope"],
    statement="Several scopes are one parameter, joined by single spaces.",
)
def test_space_delimited(client: LabClient, tenant: Tenant) -> None:
    """Do: configure the scope "read write:all openid".

    Check: these three tokens, in any order; a refresh may omit them.
    """
    tenant.configure(strict=False)
    client.configure(scope="read write:all openid")
    client.try_get_token()
    if witness.leaves_scope_out(client.token_request()):
        return
    sent = _sent_tokens(client)
    require(
        sent == {"read", "write:all", "openid"},
        expected="scope with the tokens read, write:all and openid",
        seen=f"scope tokens: {', '.join(sorted(sent))}",
        mark=Mark(text="scope="),
    )


# RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ).
@requirement(
    "scope.case-and-characters",
    level=MUST,
    source="RFC 6749 3.3",
    parameters=["scope"],
    statement="Scope tokens keep their case and characters.",
)
def test_case_and_characters(client: LabClient, tenant: Tenant) -> None:
    """Do: configure a URL, a URN, mixed case and a plus in scope.

    Check: all arrive unchanged; a refresh may omit them.
    """
    tokens = {"https://api.example/.default", "urn:example:scope", "Read:All", "a+b", "p%20q"}
    tenant.configure(strict=False)
    client.configure(scope=" ".join(sorted(tokens)))
    client.try_get_token()
    if witness.leaves_scope_out(client.token_request()):
        return
    sent = _sent_tokens(client)
    require(
        sent == tokens,
        expected=f"the scope tokens {', '.join(sorted(tokens))}",
        seen=f"scope tokens: {', '.join(sorted(sent))}",
        mark=Mark(text="scope="),
    )


# RFC 6749 §3.2: the server treats an empty parameter as omitted; several servers do not.
@requirement(
    "scope.omitted-when-unset",
    level=INTEROP,
    source="RFC 6749 3.2, 3.3",
    statement="Without a configured scope the client sends no scope.",
)
def test_omitted_when_unset(client: LabClient) -> None:
    """Do: get a token without a configured scope.

    Check: there is no parameter scope, not even an empty one.
    """
    client.try_get_token()
    sent = witness.values(client.token_request(), "scope")
    require(not sent, expected="no parameter scope", seen=f"scope={' '.join(sent)!r}", mark=Mark(text="scope="))


# RFC 6749 §5.1: scope is "OPTIONAL, if identical to the scope requested by the client; otherwise, REQUIRED",
# §3.3: the server may issue a narrower scope. A client may warn about it, but must not lose the token.
@requirement(
    "scope.narrowed-in-response",
    level=MUST,
    source="RFC 6749 3.3, 5.1",
    parameters=["scope"],
    statement="The client accepts a narrower scope in the response, and shows it to the application.",
)
def test_narrowed_in_response(client: LabClient, tenant: Tenant) -> None:
    """Do: request "read write", the server grants "read".

    Check: the application gets the token (a scope shown that was not granted: a warning).
    """
    tenant.configure(strict=False)
    tenant.arm(faults.token_member("scope", "read"))
    client.configure(scope="read write")
    token = client.get_token()
    # RFC 6749 does not require a client to show the scope; but the requested scope would mislead the
    # application.
    advise(
        token.scope in {None, "read"},
        expected='the granted scope "read", or none, shown to the application',
        seen=f"the scope {token.scope!r}",
    )


@requirement(
    "scope.absent-in-response",
    level=MUST,
    source="RFC 6749 5.1",
    parameters=["scope"],
    statement="A response without scope means that the granted scope is the requested one.",
)
def test_absent_in_response(client: LabClient, tenant: Tenant) -> None:
    """Do: request "read write"; the response has no scope.

    Check: a token, and no other scope shown for it.
    """
    tenant.configure(strict=False)
    tenant.arm(faults.without_token_member("scope"))
    client.configure(scope="read write")
    token = client.get_token()
    require(
        token.scope is None or set(token.scope.split(" ")) == {"read", "write"},
        expected='the scope "read write", or none, shown to the application',
        seen=f"the scope {token.scope!r}",
    )


# RFC 6749 §3.3: "If the value contains multiple space-delimited strings, their order does not matter".
@requirement(
    "scope.reordered-in-response",
    level=MUST,
    source="RFC 6749 3.3",
    parameters=["scope"],
    statement="The client accepts the requested scopes in another order.",
)
def test_reordered_in_response(client: LabClient, tenant: Tenant) -> None:
    """Do: request "read write admin", the server grants "admin read write".

    Check: the application gets the token.
    """
    tenant.configure(strict=False)
    tenant.arm(faults.token_member("scope", "admin read write"))
    client.configure(scope="read write admin")
    client.get_token()


# RFC 6749 §3.3: "the scope of the access token issued" may be "different from the one requested", so also
# wider.
@requirement(
    "scope.widened-in-response",
    level=INTEROP,
    source="RFC 6749 3.3, 5.1",
    parameters=["scope"],
    statement="The client accepts a token with a wider scope in the response.",
)
def test_widened_in_response(client: LabClient, tenant: Tenant) -> None:
    """Do: request "read", the server grants "read write openid". Check: the application gets the token."""
    tenant.configure(strict=False)
    tenant.arm(faults.token_member("scope", "read write openid"))
    client.configure(scope="read")
    client.get_token()


# RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ): no quote, backslash or control character.
@requirement(
    "scope.illegal-characters",
    level=INTEROP,
    source="practice; RFC 6749 3.3",
    parameters=["scope"],
    statement="A scope with illegal characters is refused, or sent as configured.",
    variants={"quote": 'a"b', "backslash": "a\\b", "non-ascii": "lesen:öffnen"},
)
def test_illegal_characters(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure a scope with a quote, a backslash or an umlaut.

    Check: nothing is sent, or the scope unchanged.
    """
    tenant.configure(strict=False)
    client.obtain(scope=variant.value)
    for request in client.token_requests():
        sent = witness.scope_tokens(request)
        require(
            sent == {variant.value} or witness.leaves_scope_out(request),
            expected=f"the scope {variant.value!r}, or a refusal",
            seen=f"the scope {' '.join(sorted(sent))!r}",
            mark=Mark(text="scope="),
        )
