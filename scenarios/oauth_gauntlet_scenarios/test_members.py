"""Members of a token response that are there but odd: what surrounds a good token does not spoil it."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ResourceResponse, Token
from oauth_gauntlet.requirement import INTEROP, MUST, REFRESH_TOKEN, Variant, requirement
from oauth_gauntlet_scenarios.strategies import near_valid_token_responses
from oauth_gauntlet_server import Tenant, faults


# RFC 6749 §3.3: scope is a string; some servers send an array. Either reading is fine, so is a clear refusal.
@requirement(
    "parse.scope-odd",
    level=INTEROP,
    source="practice; RFC 6749 3.3",
    statement="A scope of another type gives a token or a clear error, never a crash.",
    variants={"array": ["read", "write"], "null": None, "number": 7, "object": {"read": True}, "empty": ""},
)
def test_scope_odd(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the answer carries scope as array, null, number, object or empty. Check: a token or a documented error."""
    tenant.arm(faults.token_member("scope", variant.value))
    documented(client.try_get_token())


# RFC 6749 §5.1: a success has no member error; a server that writes every member of its data type sends "error": null
# beside a good token. Who takes it for a success is right, and who refuses what is neither clearly is careful.
@requirement(
    "parse.error-null",
    level=INTEROP,
    source="practice; RFC 6749 5.1, 5.2",
    statement="A null error beside a good token gives the token or a clear error, never a crash.",
    variants={"null": None, "empty": "", "object": {}},
)
def test_error_null(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: 200 with a good token and error null or empty. Check: the token, or a documented error."""
    tenant.arm(faults.token_member("error", variant.value))
    documented(client.try_get_token())


# RFC 6749 §5.1, Appendix A.17: refresh-token = 1*VSCHAR, a string. What is none cannot be sent later on.
@requirement(
    "parse.refresh-token-odd",
    level=INTEROP,
    source="practice; RFC 6749 5.1",
    statement="A refresh token that is no string gives a token or a clear error, never a crash.",
    variants={"number": 12345, "true": True, "array": ["a"], "object": {"token": "a"}},
)
def test_refresh_token_odd(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the answer carries a refresh_token of another type. Check: a token or a documented error."""
    tenant.arm(faults.token_member("refresh_token", variant.value))
    documented(client.try_get_token())


@requirement(
    "refresh.odd-not-sent",
    level=INTEROP,
    source="practice; RFC 6749 6, Appendix A.17",
    grants=[REFRESH_TOKEN],
    capabilities=["refresh"],
    statement="A refresh token that is no string is never sent in any spelling of the programming language.",
    variants={"true": True, "array": ["gauntlet"], "object": {"gauntlet": "a"}},
)
def test_odd_not_sent(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the answer carries a refresh_token of another type; then refresh.

    Check: the earlier refresh token is sent, or nothing; never True, [object Object] or the like.
    """
    tenant.arm(faults.token_member("refresh_token", variant.value), times=1)
    configured = None if not isinstance(client.try_get_token(), Token) else client.config["refresh_token"]
    before = tenant.journal.count("token")
    client.try_refresh()
    for request in tenant.journal.requests("token")[before:]:
        sent = witness.value(request, "refresh_token")
        require(
            sent in {None, configured, client.config["refresh_token"]},
            expected="the refresh token that was configured, or no request",
            seen=f"refresh_token={sent}",
            mark=Mark(text="refresh_token="),
        )


# RFC 9110 §5.5: "CR, LF, and NUL ... dangerous". RFC 6749 Appendix A.12 keeps them out of access tokens; a server that
# sends them must not get to write header fields of the client's next request.
@requirement(
    "resource.header-injection",
    level=MUST,
    source="RFC 9110 5.5, RFC 6750 2.1",
    capabilities=["resource"],
    statement="An access token with line breaks never becomes header fields of its own.",
    variants={"crlf": "abc\r\nX-Injected: 1", "lf": "abc\nX-Injected: 1", "cr": "abc\rX-Injected: 1"},
)
def test_header_injection(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the access token holds a line break and a header field; then an authorised request.

    Check: no such field arrives; refusing the token, or to send it, is right.
    """
    tenant.arm(faults.token_member("access_token", variant.value))
    answer = client.try_request()
    for request in tenant.journal.requests("resource"):
        injected = request.header("x-injected") is not None or b"\nX-Injected" in request.raw
        require(
            not injected,
            expected="no request, or one without what the token smuggled in",
            seen=f"a header field X-Injected arrived; the client answered {described(answer)}",
            mark=Mark(text="X-Injected"),
        )
    require(
        tenant.journal.count("resource") > 0 or not isinstance(answer, ResourceResponse),
        expected="no request, or one that a server can read",
        seen=f"the server answered {described(answer)} to what it could not read",
    )


@requirement(
    "parse.property-near",
    level=INTEROP,
    source="practice; RFC 6749 5.1",
    statement="A good token beside members of the wrong type is handed out as it is, or the answer is refused clearly.",
)
@given(document=near_valid_token_responses())
def test_property_near(client: LabClient, tenant: Tenant, document: dict[str, Any]) -> None:
    """Do: generated documents with a good access_token and token_type, and anything for the other members.

    Check: this very token, or an error that the client documents.
    """
    client.fresh()
    tenant.arm(faults.http_status(200, json.dumps(document), content_type="application/json"))
    answer = client.try_get_token()
    documented(answer)
    if isinstance(answer, Token):
        require(
            answer.access_token == document["access_token"],
            expected=f"the access token {document['access_token']!r}",
            seen=described(answer),
        )
