"""The scope of the token request: as configured, and only if configured.

A request for a refresh may leave the scope out (RFC 6749 6).
"""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import advise, require, untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import EXPIRY, INTEROP, MUST, SERVER, Variant, practice, quote, requirement, rule
from oauth_gauntlet_server import RecordedRequest, Tenant

_LIST = rule(
    "RFC 6749 3.3",
    "The value of the scope parameter is expressed as a list of space-delimited, case-sensitive strings.",
)


def _request_with(client: LabClient, tenant: Tenant, scope: str) -> RecordedRequest:
    """Return the token request of a client with this scope, at a server that grants it."""
    tenant.configure(strict=False)
    client.configure(scope=scope)
    client.try_get_token()
    if not client.token_requests():
        untestable("no token request arrived")
    return client.token_requests()[-1]


def _request_with_scope(client: LabClient, tenant: Tenant, scope: str) -> RecordedRequest:
    """Return the token request of a client with this scope.

    Raises:
        Untestable: there is no scope in it, which scope.parameter-name judges.
    """
    request = _request_with(client, tenant, scope)
    if not witness.leaves_scope_out(request) and not any(witness.scope_tokens(request)):
        untestable("the token request contains no scope")
    return request


# The parameter is optional, so a client that sends no scope at all breaks no rule. But the server then grants another scope
# than the application wants: a warning.
@requirement(
    "scope.parameter-name",
    level=MUST,
    basis=rule(
        "RFC 6749 3.3",
        'The authorization and token endpoints allow the client to specify the scope of the access request using the "scope"'
        " request parameter.",
    ),
    parameters=["scope"],
    renewals=[EXPIRY],
    statement="The configured scope is in the parameter scope, not in one with another name.",
)
def test_parameter_name(client: LabClient, tenant: Tenant) -> None:
    """Do: configure the scope "gauntlet-read gauntlet-write".

    Check: a parameter scope, and no other parameter in its place (a refresh may omit it; an assertion may contain it).
    """
    request = _request_with(client, tenant, "gauntlet-read gauntlet-write")
    if any("gauntlet-read" in token for token in witness.scope_tokens(request)):
        return
    others = sorted({name for name, value in witness.form(request) if "gauntlet-read" in value and name != "scope"})
    require(
        not others,
        expected="the parameter scope",
        seen=f"the scope in the parameter {', '.join(others)}",
        mark=Mark(text=f"{others[0]}=" if others else ""),
    )
    advise(
        witness.leaves_scope_out(request),
        expected="the parameter scope",
        seen="no parameter scope, although a scope is configured",
        mark=Mark(text="grant_type="),
    )


@requirement(
    "scope.space-delimited",
    level=MUST,
    basis=[_LIST, rule("RFC 6749 3.3", "scope = scope-token *( SP scope-token )")],
    parameters=["scope"],
    covered_by=["scope.parameter-name"],
    refused_as=["The scope is malformed"],
    renewals=[EXPIRY],
    statement="Several scopes are one parameter, joined by single spaces.",
)
def test_space_delimited(client: LabClient, tenant: Tenant) -> None:
    """Do: configure the scope "read write:all openid".

    Check: these three tokens, in any order, and perhaps others of the client's own; a refresh may omit them.
    """
    request = _request_with_scope(client, tenant, "read write:all openid")
    if witness.leaves_scope_out(request):
        return
    sent = witness.scope_tokens(request)
    require(
        sent >= {"read", "write:all", "openid"},
        expected="scope with the tokens read, write:all and openid",
        seen=f"scope tokens: {', '.join(sorted(sent))}",
        mark=Mark(text="scope="),
    )


@requirement(
    "scope.case-and-characters",
    level=MUST,
    basis=[_LIST, rule("RFC 6749 3.3", "scope-token = 1*( %x21 / %x23-5B / %x5D-7E )")],
    parameters=["scope"],
    covered_by=["scope.parameter-name", "scope.space-delimited"],
    renewals=[EXPIRY],
    statement="Scope tokens keep their case and characters.",
)
def test_case_and_characters(client: LabClient, tenant: Tenant) -> None:
    """Do: configure a URL, a URN, mixed case and a plus in scope.

    Check: all arrive unchanged; a refresh may omit them.
    """
    tokens = {"https://api.example/.default", "urn:example:scope", "Read:All", "a+b", "p%20q"}
    request = _request_with_scope(client, tenant, " ".join(sorted(tokens)))
    if witness.leaves_scope_out(request):
        return
    sent = witness.scope_tokens(request)
    require(
        sent >= tokens,
        expected=f"the scope tokens {', '.join(sorted(tokens))}",
        seen=f"scope tokens: {', '.join(sorted(sent))}",
        mark=Mark(text="scope="),
    )


@requirement(
    "scope.omitted-when-unset",
    level=INTEROP,
    basis=[
        practice("Several servers reject an empty scope as invalid_scope."),
        quote(
            "RFC 6749 3.2",
            "Parameters sent without a value MUST be treated as if they were omitted from the request.",
            binds=SERVER,
        ),
    ],
    statement="Without a configured scope the client sends no scope.",
)
def test_omitted_when_unset(client: LabClient) -> None:
    """Do: get a token without a configured scope.

    Check: there is no parameter scope, not even an empty one.
    """
    client.try_get_token()
    if not client.token_requests():
        untestable("no token request arrived")
    sent = witness.values(client.token_requests()[-1], "scope")
    require(not sent, expected="no parameter scope", seen=f"scope={' '.join(sent)!r}", mark=Mark(text="scope="))


@requirement(
    "scope.illegal-characters",
    level=INTEROP,
    basis=[
        practice(
            "Servers with scopes of their own grammar exist; another scope than the configured one grants something else."
        ),
        quote("RFC 6749 3.3", "scope-token = 1*( %x21 / %x23-5B / %x5D-7E )"),
    ],
    parameters=["scope"],
    covered_by=["scope.parameter-name"],
    statement="A scope with illegal characters is refused, or sent as configured.",
    variants={"quote": 'a"b', "backslash": "a\\b", "non-ascii": "lesen:öffnen"},
)
def test_illegal_characters(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure a scope with a quote, a backslash or an umlaut.

    Check: nothing is sent, or the scope unchanged.
    """
    client.control(scope="read")
    tenant.configure(strict=False)
    client.obtain(scope=variant.value)
    for request in client.token_requests():
        sent = witness.scope_tokens(request)
        require(
            variant.value in sent or witness.leaves_scope_out(request),
            expected=f"the scope {variant.value!r}, or a refusal",
            seen=f"the scope {' '.join(sorted(sent))!r}",
            mark=Mark(text="scope="),
        )
