"""Request a token with each grant from a correct server, and compare the answer with the exchange on the wire."""

from __future__ import annotations

from collections.abc import Iterator

from oauth_gauntlet.adapter_check.check import GOOD, Check, CheckOutcome, Observation, checked, doubt, wrong
from oauth_gauntlet.adapter_check.subject import Subject, another_party, stands_for_none, token_documents
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import JSON, Capability, ErrorInfo, GrantType, JSONObject, Token
from oauth_gauntlet_server import Tenant

_LIFETIME_S = 7331
"""A lifetime in seconds that no adapter uses as a constant."""

_LEEWAY_S = 330
"""Seconds by which a client may report less: it counts from receipt, and may subtract a leeway of five minutes."""


_SPELLINGS = frozenset({str(_LIFETIME_S), f"{_LIFETIME_S}.0"})
"""The lifetime as an integer or another number, or as the text of one."""


def plain_exchange(subject: Subject, grant: GrantType) -> Iterator[Check]:
    """Yield the checks of one token request; a grant that gives a token is added to the subject's grants."""
    try:
        tenant = subject.begin(grant, lifetime_s=_LIFETIME_S)
        sent = tenant.journal.count()
        yield checked(f"{grant.short}: configure sends nothing", sent == 0, "send the first request in get_token")
        token = subject.adapter.get_token()
    except ClientFailure as failure:
        yield Check(
            title=f"{grant.short}: a token is returned",
            outcome=CheckOutcome.PROBLEM,
            advice=f"{_what_the_server_did(subject.tenants[-1])}, and the client reported {failure}",
        )
        return
    yield Check(title=f"{grant.short}: a token is returned", outcome=CheckOutcome.OK)
    origin = token_of(subject, tenant, token)
    yield _observed(f"{grant.short}: the token is one that the server issued", origin)
    if origin is not GOOD:
        return
    subject.grants.append(grant)
    yield _observed(f"{grant.short}: its other members are the server's", _members(token, tenant))
    count = tenant.journal.count("token") - sent
    yield checked(
        f"{grant.short}: one token request was sent",
        count == 1,
        f"{count} token requests: the client retries, or the adapter sends requests itself",
        otherwise=CheckOutcome.WARN,
    )


def _what_the_server_did(tenant: Tenant) -> str:
    if token_documents(tenant):
        return "the server granted one"
    return "the server refused the request" if tenant.journal.count("token") else "nothing arrived at the token endpoint"


def token_of(subject: Subject, tenant: Tenant, token: Token) -> Observation:
    """Return `GOOD` if the tenant issued the token; otherwise a warning or a problem, by who may have caused it."""
    problem = subject.made_up(token.access_token, tenant)
    if problem is None:
        return GOOD
    if subject.was_issued(token.access_token):
        return doubt(f"{problem}: it is a token of an earlier configuration, and configure discards all state")
    if stands_for_none(token.access_token) or subject.mistakable(token.access_token, tenant):
        return doubt(f"{problem}; return what the client returns, unchanged")
    return wrong(f"{problem}; return the token of the client's own call, unchanged")


def second_call(subject: Subject, grant: GrantType) -> Observation | None:
    """Call get_token twice: a client with a declared cache sends one request, any other sends two."""
    tenant = subject.begin(grant)
    first = subject.adapter.get_token()
    before = tenant.journal.count("token")
    second = subject.answer()
    again = tenant.journal.count("token") - before
    if isinstance(second, ErrorInfo):
        return None  # the scenarios judge that
    if subject.declares(Capability.CACHE):
        if again:
            return doubt("a second call within the token's lifetime sent another request")
        return GOOD if first.access_token == second.access_token else token_of(subject, tenant, second)
    if again:
        return token_of(subject, tenant, second)
    return doubt("a second call sent no request: declare cache if the client keeps the token; the adapter must not keep it")


def earlier_configuration(subject: Subject, grant: GrantType) -> Observation | None:
    """Configure another server and another client: nothing of the first configuration is left."""
    extras: dict[str, JSON] = {"scope": "gauntlet-before", "additional_payload": {"gauntlet_before": "1"}}
    old = subject.begin(grant, {key: value for key, value in extras.items() if key in subject.hello.parameters})
    old.configure(strict=False)
    subject.answer()
    there = old.journal.count()
    tenant = subject.begin(grant, another_party(grant, "gauntlet-another"))
    tenant.configure(strict=False)
    origin = token_of(subject, tenant, subject.adapter.get_token())
    if old.journal.count() > there:
        return doubt("a request went to the server of the earlier configuration; configure discards all state")
    if any(b"gauntlet-before" in request.body or b"gauntlet_before" in request.body for request in tenant.journal.requests()):
        return doubt("a parameter of the earlier configuration was sent again; configure discards all state")
    return origin


def _members(token: Token, tenant: Tenant) -> Observation:
    document = next(each for each in token_documents(tenant) if each["access_token"] == token.access_token)
    remaining = None if token.expires_at is None else token.expires_at - tenant.clock.now()
    for shown, kept in (
        (
            f"expires_in {token.expires_in}",
            token.expires_in is None or _LIFETIME_S - _LEEWAY_S <= token.expires_in <= _LIFETIME_S,
        ),
        (
            f"expires_at {remaining or 0:.0f} s from now",
            remaining is None or _LIFETIME_S - _LEEWAY_S <= remaining <= _LIFETIME_S + 30,
        ),
        (f"token_type {token.token_type!r}", token.token_type is None or token.token_type.lower() == "bearer"),
        (f"scope {token.scope!r}", not token.scope or token.scope == document.get("scope")),
        (
            "a refresh_token that the server did not issue",
            token.refresh_token is None or tenant.tokens.get(token.refresh_token) is not None,
        ),
    ):
        if not kept:
            return doubt(
                f"the token has {shown}, and the server's response was {_shown(document)}; return what the client exposes"
            )
    # A text for a number, a list for a scope, a date: the value is lost, as scenarios read the members only.
    for name in ("token_type", "expires_in", "expires_at", "refresh_token", "scope"):
        if getattr(token, name) is None and token.extra.get(name):
            return doubt(
                f"{name} {token.extra[name]!r} is in extra, because its type is not the protocol's; if the client converts it, "
                "convert it back"
            )
    if token.expires_in is None and token.expires_at is None:
        for name, value in token.extra.items():
            if str(value) in _SPELLINGS:
                return doubt(f"{name} {value!r} is in extra, and is the lifetime: report it as expires_in, in seconds")
    return GOOD


def _shown(document: JSONObject) -> str:
    return ", ".join(f"{name} {value!r}" for name, value in document.items() if name != "access_token")


def _observed(title: str, sight: Observation) -> Check:
    return Check(title=title, outcome=sight.outcome, advice=sight.advice)
