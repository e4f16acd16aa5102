"""The optional operations that are declared: whether each does what the protocol says that it does."""

from __future__ import annotations

import re
from itertools import pairwise

from oauth_gauntlet import witness
from oauth_gauntlet.adapter import CANCEL_LEAD_S
from oauth_gauntlet.adapter_check.check import GOOD, Sight, doubt, unimplemented, wrong
from oauth_gauntlet.adapter_check.plain_exchange import token_of
from oauth_gauntlet.adapter_check.subject import Subject, another_party, issued
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import Capability, ErrorInfo, ErrorKind, GrantType, Token
from oauth_gauntlet_server import RotationPolicy, faults

_HOLD_ONE = (GrantType.REFRESH_TOKEN, GrantType.PASSWORD)

# What a runtime says of an object that does not say anything itself.
_OF_ITS_RUNTIME = re.compile(r"|\{\}|null|None|\[object \w+\]|<[\w.]+ object at 0x[0-9a-f]+>|[\w.$]+@[0-9a-f]+")

_CALLERS = 3
_DELAY_S = 0.25


def refresh(subject: Subject, grant: GrantType) -> Sight | None:
    """Refresh with a refresh token at hand: it is exchanged."""
    if grant not in _HOLD_ONE:
        return None
    tenant = subject.begin(grant)
    # So that the answer holds a refresh token, and every client has one for what comes next.
    tenant.configure(rotation=RotationPolicy.ROTATE)
    subject.adapter.get_token()
    before = tenant.journal.count("token")
    try:
        token = subject.adapter.refresh()
    except ClientFailure:
        if tenant.journal.count("token") == before:
            raise
        token = None  # it asked, and what became of that is a scenario's to judge
    requests = tenant.journal.requests("token")[before:]
    if not requests:
        return doubt("refresh answered with a token and sent nothing; exchange the refresh token, whatever the expiry")
    sent = witness.value(requests[-1], "grant_type")
    if sent != GrantType.REFRESH_TOKEN:
        return doubt(f"refresh sent grant_type={sent}; exchange the refresh token that the client holds")
    return GOOD if token is None else token_of(subject, tenant, token)


def refresh_without(subject: Subject, grant: GrantType) -> Sight | None:
    """Refresh without a refresh token at hand: there is nothing to exchange."""
    if grant in _HOLD_ONE:
        return None
    subject.begin(grant)
    subject.adapter.get_token()
    try:
        subject.adapter.refresh()
    except ClientFailure as failure:
        if unimplemented(failure):
            raise
        kind = failure.error.kind
        return (
            GOOD if kind is ErrorKind.CONFIG else doubt(f"refresh answered kind {kind}; without a refresh token it is config")
        )
    return doubt("refresh answered with a token where no server issued a refresh token; answer kind config")


def resource(subject: Subject, grant: GrantType) -> Sight:
    """Make a request to the resource: it arrives as asked for, with the client's token, and its answer comes back."""
    tenant = subject.begin(grant)
    held = subject.adapter.get_token()
    before = tenant.journal.count("token")
    answer = '{"gauntlet": "answer of the resource"}'
    tenant.arm(faults.http_status(202, answer, content_type="application/json"), endpoint="resource")
    response = subject.adapter.request("POST", tenant.resource_url, {"X-Gauntlet": "asked-for"}, "gauntlet body")
    requests = tenant.journal.requests("resource")
    if not requests:
        return wrong(f"request answered HTTP {response.status}, and no request reached the resource")
    if response.status != 202 or answer not in response.body:
        return wrong(
            f"the resource answered HTTP 202 with {answer}, and the adapter HTTP {response.status} with "
            f"{response.body[:60]!r}; hand on what the client got"
        )
    sent = requests[-1]
    if (sent.method, sent.header("x-gauntlet"), sent.body) != ("POST", "asked-for", b"gauntlet body"):
        return doubt(
            f"asked for POST with a header field X-Gauntlet and a body, the resource saw {sent.method}, "
            f"X-Gauntlet: {sent.header('x-gauntlet')}, and a body of {len(sent.body)} octets"
        )
    if not any(token.encode() in sent.raw for token in issued(tenant)):
        return doubt("the request carried no token that the server issued; let the client make it")
    if subject.declares(Capability.CACHE) and (
        str(held.access_token).encode() not in sent.raw or tenant.journal.count("token") > before
    ):
        return doubt("with a cache, the request did not use the token that get_token had just handed out; whose cache is it?")
    return GOOD


def retry_401(subject: Subject, grant: GrantType) -> Sight:
    """Let the resource refuse the first token: who declares it tries again, and nobody else does."""
    tenant = subject.begin(grant)
    challenge = (("WWW-Authenticate", 'Bearer error="invalid_token"'),)
    refusal = faults.http_status(401, '{"error": "invalid_token"}', content_type="application/json", headers=challenge)
    tenant.arm(refusal, endpoint="resource", times=1)
    reported = ""
    try:
        subject.adapter.request("GET", tenant.resource_url, {}, None)
    except ClientFailure as failure:
        reported = f"; the client reported {failure}"
    again = tenant.journal.count("resource") > 1
    if subject.declares(Capability.RETRY_401):
        return GOOD if again else doubt(f"a token that the resource refused as invalid led to no second request{reported}")
    if again:
        return doubt(
            "a refused request was made again: declare retry_401 if the client does that, and do it not in the adapter"
        )
    return GOOD


def parallel(subject: Subject, grant: GrantType) -> Sight:
    """Have several callers ask a server that takes a moment: their requests overlap, or are one."""
    tenant = subject.begin(grant)
    tenant.arm(faults.delay(_DELAY_S))
    for result in subject.adapter.get_tokens(_CALLERS):
        if isinstance(result, ErrorInfo):
            return doubt(f"one of {_CALLERS} callers at once got {result.kind}: {result.message}")
        origin = token_of(subject, tenant, result)
        if origin is not GOOD:
            return origin
    began = [exchange.received_at for exchange in tenant.journal.exchanges("token")]
    if len(began) == 1:
        if subject.declares(Capability.CACHE):
            return GOOD
        return doubt(f"{_CALLERS} callers at once sent one request, without a cache: let each ask the client")
    if all(later - earlier >= _DELAY_S for earlier, later in pairwise(began)):
        return doubt(
            f"the requests of {_CALLERS} callers at once came one after the other: by a lock of the client's, or does the "
            "adapter call one after the other?"
        )
    return GOOD


def cancel(subject: Subject, grant: GrantType) -> Sight:
    """Cancel the first of two callers: while it waits; and, to see that it asks at all, where an error comes at once."""
    tenant = subject.begin(grant)
    tenant.arm(faults.delay(4 * CANCEL_LEAD_S), times=1)
    try:
        first: Token | ErrorInfo = subject.adapter.get_tokens(2, 1)[0]
    except ClientFailure as failure:
        first = failure.error
    if not isinstance(first, ErrorInfo) or first.kind is not ErrorKind.CANCELLED:
        return wrong("cancel the first calls of get_tokens by the client's own means; answer kind cancelled")
    tenant = subject.begin(grant)
    tenant.arm(faults.oauth_error("invalid_scope"))
    subject.adapter.get_tokens(2, 1)
    if tenant.journal.count("token") < 2:
        return doubt("of two callers, whose requests failed at once, one asked: does the one that is cancelled ask the client?")
    return GOOD


def describe(subject: Subject, grant: GrantType) -> Sight:
    """Print client and token of two configurations: constants are seldom a client's own words."""
    texts = []
    for name in ("gauntlet-one", "gauntlet-two"):
        subject.begin(grant, another_party(grant, name)).configure(strict=False)
        subject.adapter.get_token()
        texts.append(tuple(subject.adapter.describe()))
    if not any(texts[0]):
        return doubt("describe answered no text; answer the client's own string forms, or do not declare it")
    if texts[0] == texts[1] and not all(_OF_ITS_RUNTIME.fullmatch(text) for text in texts[0]):
        return doubt(
            f"the same for two configurations and tokens, {', '.join(texts[0])[:80]!r}: are these the client's own words?"
        )
    return GOOD
