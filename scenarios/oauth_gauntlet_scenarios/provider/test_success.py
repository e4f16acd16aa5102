"""The token responses of providers: the application gets the token, and the lifetime that was meant."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, documented, usable
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import Capability, ErrorInfo, ErrorKind, ResourceResponse, Token
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    INTEROP,
    MUST,
    SERVER,
    Variant,
    practice,
    quote,
    requirement,
    rule,
)
from oauth_gauntlet_scenarios.provider.provider import Provider, providers
from oauth_gauntlet_scenarios.provider.served import serve_success
from oauth_gauntlet_scenarios.resource.requests import show_that_requests_arrive
from oauth_gauntlet_scenarios.virtual_time import RENEWS
from oauth_gauntlet_server import Tenant

_LEGAL = [name for name, provider in providers().items() if provider.success.deviation is None]
_IRREGULAR = [name for name, provider in providers().items() if provider.success.deviation is not None]

_USUAL_LEEWAY_S = 300
"""A client may renew its token that many seconds before its end; a token that lives for less may be renewed at each call."""


def _answer_to(client: LabClient, tenant: Tenant, name: str) -> tuple[Provider, Token | ErrorInfo]:
    """Serve the token response of a provider, and return the client's answer. The resource also takes a token in the query."""
    client.control()
    provider = providers()[name]
    tenant.configure(token_in_query=True)
    serve_success(client, provider.success)
    return provider, client.try_get_token()


def _require_token(client: LabClient, provider: Provider, token: Token) -> None:
    """Require the access token that the server issued, and its use at the resource.

    A client that sends nothing there has rejected the token of the provider only if it sends a plain one: untestable otherwise.
    """
    issued = client.grants()[-1]["access_token"]
    require(
        token.access_token == issued,
        expected=f"the member access_token of the token response of {provider.name}",
        seen=described(token),
        mark=Mark(text="access_token", part="response"),
    )
    if Capability.RESOURCE in client.hello.capabilities:
        answer = client.try_request()
        if isinstance(answer, ErrorInfo) and provider.success.deviation is not None:
            # Some clients look at the token type only when they use the token.
            documented(answer)
            return
        if not client.tenant.journal.count("resource"):
            show_that_requests_arrive(client)
        require(
            isinstance(answer, ResourceResponse) and answer.status == 200,
            expected=f"the use of a token of {provider.name} at the resource: HTTP 200",
            seen=described(answer),
        )


# Each of these documents has a number in expires_in, a string of one or more scope tokens, and token_type Bearer.
@requirement(
    "provider.success",
    level=MUST,
    basis=[
        quote("RFC 6749 5.1", "The client MUST ignore unrecognized value names in the response."),
        rule("RFC 6749 5.1", "Value is case insensitive."),
        rule("RFC 6749 5.1", "The lifetime in seconds of the access token."),
        rule("RFC 6749 3.3", "scope = scope-token *( SP scope-token )"),
    ],
    covered_by=[
        "parse.unknown-members",
        "parse.token-type-case",
        "parse.expires-in-number",
        "resource.bearer-header",
        "resource.bearer-syntax",
        "sanity.first",
    ],
    grants=[CLIENT_CREDENTIALS],
    statement="The client uses the token of each provider whose token response is legal, whatever members it has besides.",
    variants=_LEGAL,
)
def test_success(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers as the provider documents it; get a token, and use it at the resource.

    Check: the application gets the token, and the resource too.
    """
    provider, answer = _answer_to(client, tenant, variant.name)
    require(
        isinstance(answer, Token),
        expected=f"the token of {provider.name}, whose token response RFC 6749 5.1 allows",
        seen=described(answer),
        mark=Mark(text="HTTP/1.1 200", part="response"),
    )
    _require_token(client, provider, usable(answer))


# A client may refuse what RFC 6749 does not allow, but clearly. A token of the type bot must not be used by a client that does
# not know the type (RFC 6749 7.1).
@requirement(
    "provider.success-irregular",
    level=INTEROP,
    basis=[
        practice("Slack, Shopify, Salesforce, LinkedIn and other providers send token responses of their own form."),
        quote("RFC 6749 5.1", "REQUIRED. The type of the token issued as described in Section 7.1.", binds=SERVER),
    ],
    covered_by=[
        "parse.unknown-members",
        "parse.expires-in-absent",
        "parse.expires-in-string",
        "parse.scope-odd",
        "parse.token-type-missing",
        "parse.token-type-odd",
        "parse.token-type-unknown",
        "provider.success",
        "resource.bearer-header",
        "resource.bearer-syntax",
    ],
    grants=[CLIENT_CREDENTIALS],
    statement="The client uses the token of a provider whose token response is irregular, or refuses the response clearly.",
    variants=_IRREGULAR,
)
def test_success_irregular(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers as the provider documents it, with a deviation from RFC 6749 5.1.

    Check: the application gets the token, and the resource too; or a documented error, at the latest when the token is used.
    """
    provider, answer = _answer_to(client, tenant, variant.name)
    require(
        not isinstance(answer, ErrorInfo) or answer.kind is not ErrorKind.UNEXPECTED,
        expected=f"the token of {provider.name}, or an error that the client documents ({provider.success.deviation})",
        seen=described(answer),
        mark=Mark(text="HTTP/1.1 200", part="response"),
    )
    if isinstance(answer, Token):
        _require_token(client, provider, usable(answer))


# Documents that state more than one time, or the lifetime as a string. What is not stated in expires_in a client may ignore.
@requirement(
    "provider.lifetime",
    level=INTEROP,
    basis=[
        practice(
            "Providers state other times beside expires_in, such as the end of the refresh token. A client that reads the "
            "wrong one uses an expired token for ever, or asks for a token at each call."
        ),
        practice('A client that takes "3600" for no lifetime keeps a token that has ended.'),
        quote("RFC 6749 5.1", "The client MUST ignore unrecognized value names in the response."),
    ],
    covered_by=["expiry.renewed-after", "expiry.not-before", "expiry.tiny", "provider.success", "provider.success-irregular"],
    grants=[CLIENT_CREDENTIALS],
    capabilities=RENEWS,
    statement="The lifetime of a provider's token is that of expires_in, whatever other times the token response states.",
    variants=["entra-v1", "entra-v2", "github", "keycloak", "quickbooks", "strava"],
)
def test_lifetime(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers as the provider documents it; get a token at once, after half its lifetime and after its end.

    Check: the lifetime that the client exposes, if any; no renewal before half the lifetime, if that is longer than a usual
    leeway; a renewal after its end. A client may refuse the response clearly if it deviates from RFC 6749.
    """
    client.control()
    provider = providers()[variant.name]
    success, lifetime = provider.success, provider.success.lifetime_s
    mark = Mark(text="expires_in", part="response")
    serve_success(client, success)
    answer = client.try_get_token()
    if isinstance(answer, ErrorInfo) and success.deviation is not None:
        documented(answer)
        return
    token = usable(answer)
    require(
        token.expires_in is None or lifetime / 2 <= token.expires_in <= lifetime,
        expected=f"the lifetime that {provider.name} states in expires_in, {lifetime} s (less a leeway), or none exposed",
        seen=f"the client took another member for the lifetime, or reckoned with it: {token.expires_in} s",
        mark=mark,
    )
    client.advance(lifetime / 2)
    client.get_token()
    count = tenant.journal.count("token")
    require(
        count == 1 or lifetime / 2 <= _USUAL_LEEWAY_S,
        expected=f"no renewal in the first half of the lifetime that {provider.name} states in expires_in, {lifetime} s",
        seen=f"{count} token requests: the client took another member for the lifetime, or none",
        mark=mark,
    )
    client.advance(lifetime / 2 + 1)
    client.get_token()
    require(
        tenant.journal.count("token") > count,
        expected=f"a renewal after the lifetime that {provider.name} states in expires_in, {lifetime} s",
        seen="the expired token, again: the client did not understand the lifetime, or took another member for it",
        mark=mark,
    )


@requirement(
    "provider.lifetime-unstated",
    level=INTEROP,
    basis=practice("Providers without expires_in state the end of the token in a member of their own, or not at all."),
    covered_by=["expiry.missing", "parse.expires-in-absent", "provider.success-irregular"],
    grants=[CLIENT_CREDENTIALS],
    capabilities=RENEWS,
    statement="A token response without expires_in gives tokens again and again, with at most one request for each call.",
    variants=["app-service", "app-service-2017", "salesforce", "square"],
)
def test_lifetime_unstated(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers as the provider documents it; get a token three times, the third time after the token's end.

    Check: tokens, or documented errors; at most one token request for each call. If the document states the token's end, the
    client exposes no later one.
    """
    client.control()
    provider = providers()[variant.name]
    lifetime = provider.success.lifetime_s
    serve_success(client, provider.success)
    for calls, wait_s in ((1, lifetime / 2), (2, lifetime / 2 + 1), (3, 0)):
        answer = client.try_get_token()
        documented(answer)
        count = tenant.journal.count("token")
        require(
            count <= calls,
            expected=f"at most {calls} token requests for {calls} calls: {provider.name} sends no expires_in",
            seen=f"a token without expires_in causes more than one request for a call: {count} token requests",
        )
        if isinstance(answer, ErrorInfo):
            return
        require(
            answer.expires_in is None or answer.expires_in <= lifetime or variant.name == "salesforce",
            expected=f"no lifetime exposed, or at most {lifetime} s: the token response of {provider.name} states the end",
            seen=f"the client exposes a longer lifetime than the response states: {answer.expires_in} s",
            mark=Mark(text="expires_", part="response"),
        )
        client.advance(wait_s)
