"""A token of a well-behaved server, with each grant: whether the answer is what was on the wire, and nothing else was."""

from __future__ import annotations

from collections.abc import Iterator

from oauth_gauntlet.adapter_check.check import GOOD, Check, CheckOutcome, Sight, checked, doubt, wrong
from oauth_gauntlet.adapter_check.subject import Subject, another_party, stands_for_none, token_documents
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import JSON, Capability, ErrorInfo, GrantType, JSONObject, Token
from oauth_gauntlet_server import Tenant

_LIFETIME_S = 7331
"""A lifetime that nobody would guess."""

_LEEWAY_S = 330
"""How much less of it a client may show: it counts from receipt, and may subtract a leeway of five minutes."""


def plain_exchange(subject: Subject, grant: GrantType) -> Iterator[Check]:
    """Yield the checks of one token request; a grant with a token is one of the subject's from then on."""
    try:
        tenant = subject.begin(grant, lifetime_s=_LIFETIME_S)
        sent = tenant.journal.count()
        yield checked(f"{grant.short}: configure sends nothing", sent == 0, "wait for get_token with the first request")
        token = subject.adapter.get_token()
    except ClientFailure as failure:
        yield Check(
            title=f"{grant.short}: a token is handed out",
            outcome=CheckOutcome.PROBLEM,
            advice=f"a well-behaved server granted one, and the client reported {failure}",
        )
        return
    yield Check(title=f"{grant.short}: a token is handed out", outcome=CheckOutcome.OK)
    origin = token_of(subject, tenant, token)
    yield _told(f"{grant.short}: it is the one that the server issued", origin)
    if origin is not GOOD:
        return
    subject.grants.append(grant)
    yield _told(f"{grant.short}: what else is said of it is the server's", _members(token, tenant))
    count = tenant.journal.count("token") - sent
    yield checked(
        f"{grant.short}: it cost one request",
        count == 1,
        f"{count} token requests: the client tries more than once, or the adapter asks beside it",
        otherwise=CheckOutcome.WARN,
    )


def token_of(subject: Subject, tenant: Tenant, token: Token) -> Sight:
    """Return what is to be said of where a token comes from that was handed out in front of a tenant."""
    problem = subject.made_up(token.access_token, tenant)
    if problem is None:
        return GOOD
    if subject.is_of_before(token.access_token):
        return doubt(f"{problem}: it is one of an earlier configuration, and configure drops all state")
    if stands_for_none(token.access_token) or subject.mistakable(token.access_token, tenant):
        return doubt(f"{problem}; hand on what the client gives, unchanged")
    return wrong(f"{problem}; answer with the token of the client's own call, unchanged")


def second_call(subject: Subject, grant: GrantType) -> Sight | None:
    """Ask twice: what is declared a cache sends one request, and nothing else does."""
    tenant = subject.begin(grant)
    first = subject.adapter.get_token()
    before = tenant.journal.count("token")
    second = subject.answer()
    again = tenant.journal.count("token") - before
    if isinstance(second, ErrorInfo):
        return None  # for a scenario to judge
    if subject.declares(Capability.CACHE):
        if again:
            return doubt("a second call within the token's life sent another request")
        return GOOD if first.access_token == second.access_token else token_of(subject, tenant, second)
    if again:
        return token_of(subject, tenant, second)
    return doubt(
        "a second call was answered without a request: declare cache if the client keeps the token; the adapter keeps none"
    )


def earlier_configuration(subject: Subject, grant: GrantType) -> Sight | None:
    """Configure for another server and another client: nothing of the first configuration is left."""
    extras: dict[str, JSON] = {"scope": "gauntlet-before", "additional_payload": {"gauntlet_before": "1"}}
    old = subject.begin(grant, {key: value for key, value in extras.items() if key in subject.hello.parameters})
    old.configure(strict=False)
    subject.answer()
    there = old.journal.count()
    tenant = subject.begin(grant, another_party(grant, "gauntlet-another"))
    tenant.configure(strict=False)
    origin = token_of(subject, tenant, subject.adapter.get_token())
    if old.journal.count() > there:
        return doubt("a request went to the server of the earlier configuration; configure drops all state")
    if any(b"gauntlet-before" in request.body or b"gauntlet_before" in request.body for request in tenant.journal.requests()):
        return doubt("a parameter of the earlier configuration was sent again; configure drops all state")
    return origin


def _members(token: Token, tenant: Tenant) -> Sight:
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
            "a refresh_token of its own",
            token.refresh_token is None or tenant.tokens.get(token.refresh_token) is not None,
        ),
    ):
        if not kept:
            return doubt(
                f"the token has {shown}, and the server's answer was {_shown(document)}; hand on what the client exposes"
            )
    return GOOD


def _shown(document: JSONObject) -> str:
    return ", ".join(f"{name} {value!r}" for name, value in document.items() if name != "access_token")


def _told(title: str, sight: Sight) -> Check:
    return Check(title=title, outcome=sight.outcome, advice=sight.advice)
