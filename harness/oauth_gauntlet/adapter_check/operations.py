"""Check that each declared optional operation of one caller does what the protocol requires."""

from __future__ import annotations

import re

from oauth_gauntlet import witness
from oauth_gauntlet.adapter_check.check import GOOD, Observation, doubt, unimplemented, wrong
from oauth_gauntlet.adapter_check.plain_exchange import token_of
from oauth_gauntlet.adapter_check.subject import HOLD_ONE, Subject, another_party, issued, token_documents
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import Capability, ErrorKind, GrantType
from oauth_gauntlet_server import RotationPolicy, faults

# String forms that a runtime gives to any object.
_OF_ITS_RUNTIME = re.compile(r"|(?:[\w.$]+ )?\{\}|null|None|<[\w.]+ object at 0x[0-9a-f]+>|[\w.$]+@[0-9a-f]+")

# What String() makes of an object in JavaScript: nobody logs that, as nothing can be read in it.
_SAYS_NOTHING = re.compile(r"\[object \w+\]")


def refresh(subject: Subject, grant: GrantType) -> Observation | None:
    """Refresh with a refresh token: the client exchanges it."""
    if grant not in HOLD_ONE:
        return None
    tenant = subject.begin(grant)
    # With rotation the response contains a refresh token, so that every client has one for the next step.
    tenant.configure(rotation=RotationPolicy.ROTATE)
    subject.adapter.get_token()
    before = tenant.journal.count("token")
    try:
        token = subject.adapter.refresh()
    except ClientFailure:
        if tenant.journal.count("token") == before:
            raise
        token = None  # a request was sent; the scenarios judge its result
    requests = tenant.journal.requests("token")[before:]
    if not requests:
        return doubt("refresh returned a token and sent nothing; exchange the refresh token, whatever the expiry")
    sent = witness.value(requests[-1], "grant_type")
    if sent != GrantType.REFRESH_TOKEN:
        return doubt(f"refresh sent grant_type={sent}; exchange the refresh token that the client has")
    return GOOD if token is None else token_of(subject, tenant, token)


def handed_on(subject: Subject, grant: GrantType) -> Observation | None:
    """Get a token twice from a server that rotates: the second request has the refresh token of the first response."""
    if grant is not GrantType.REFRESH_TOKEN:
        return None
    tenant = subject.begin(grant)
    tenant.configure(rotation=RotationPolicy.ROTATE)
    subject.adapter.get_token()
    issued_one = token_documents(tenant)[-1].get("refresh_token")
    before = tenant.journal.count("token")
    subject.answer()
    requests = tenant.journal.requests("token")[before:]
    # A cache sends nothing.
    if not requests or witness.value(requests[0], "refresh_token") == issued_one:
        return GOOD
    return doubt(
        "the response had a new refresh token, and the next get_token sent the old one again: does the client lose it? If the "
        "application has to keep it, so does the adapter: hand over the last one"
    )


def refresh_without(subject: Subject, grant: GrantType) -> Observation | None:
    """Refresh without a refresh token: the answer has kind config."""
    if grant in HOLD_ONE:
        return None
    subject.begin(grant)
    subject.adapter.get_token()
    try:
        subject.adapter.refresh()
    except ClientFailure as failure:
        if unimplemented(failure.error):
            raise
        kind = failure.error.kind
        return (
            GOOD
            if kind is ErrorKind.CONFIG
            else doubt(f"refresh answered with kind {kind}; without a refresh token the kind is config")
        )
    return doubt("refresh returned a token, although no server issued a refresh token; answer with kind config")


def resource(subject: Subject, grant: GrantType) -> Observation:
    """Send a request to the resource: it arrives unchanged with the client's token, and its response is returned."""
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
            f"the resource answered HTTP 202 with {answer}, and the adapter reported HTTP {response.status} with "
            f"{response.body[:60]!r}; return what the client received"
        )
    sent = requests[-1]
    if (sent.method, sent.header("x-gauntlet"), sent.body) != ("POST", "asked-for", b"gauntlet body"):
        return doubt(
            f"the request was POST with a header field X-Gauntlet and a body; the resource received {sent.method}, "
            f"X-Gauntlet: {sent.header('x-gauntlet')}, and a body of {len(sent.body)} octets"
        )
    if not any(token.encode() in sent.raw for token in issued(tenant)):
        return doubt("the request contained no token that the server issued; let the client send it")
    if subject.declares(Capability.CACHE) and (
        str(held.access_token).encode() not in sent.raw or tenant.journal.count("token") > before
    ):
        return doubt(
            "the request did not use the token that get_token had just returned; is the cache the adapter's or the client's?"
        )
    return GOOD


def first_request(subject: Subject, grant: GrantType) -> Observation | None:
    """Send a request right after configure: the client, or the adapter as an application, gets a token for it."""
    tenant = subject.begin(grant)
    try:
        subject.adapter.request("GET", tenant.resource_url, {}, None)
    except ClientFailure as failure:
        if unimplemented(failure.error):
            return None  # `resource` reports it
        return doubt(f"without an earlier get_token, request reported {failure}; get the token in it as get_token does")
    if not tenant.journal.count("token"):
        return doubt("without an earlier get_token, request sent no token request; get the token in it as get_token does")
    return GOOD


def retry_401(subject: Subject, grant: GrantType) -> Observation:
    """Let the resource refuse the first token: the client sends a second request only if it declares retry_401."""
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
        return GOOD if again else doubt(f"after a 401 invalid_token there was no second request{reported}")
    if again:
        return doubt("a refused request was sent again: declare retry_401 if the client does that; the adapter must not do it")
    return GOOD


def describe(subject: Subject, grant: GrantType) -> Observation:
    """Describe client and token of two configurations: the client's own string forms are seldom constants."""
    texts = []
    for name in ("gauntlet-one", "gauntlet-two"):
        subject.begin(grant, another_party(grant, name)).configure(strict=False)
        subject.adapter.get_token()
        texts.append(tuple(subject.adapter.describe()))
    if not any(texts[0]):
        return doubt("describe returned no text; return the client's own string forms, or do not declare it")
    if any(_SAYS_NOTHING.fullmatch(text) for text in texts[0]):
        return doubt(f"{', '.join(texts[0])[:80]!r} hides what a developer sees; use inspect of node:util, as console.log does")
    if texts[0] == texts[1] and not all(_OF_ITS_RUNTIME.fullmatch(text) for text in texts[0]):
        return doubt(
            f"the same for two configurations and tokens, {', '.join(texts[0])[:80]!r}: are these the client's string forms?"
        )
    return GOOD
