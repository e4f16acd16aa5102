"""The member access_token: missing, of another type, of every spelling, duplicate."""

from __future__ import annotations

import re

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.protocol import ErrorInfo, Token
from oauth_gauntlet.requirement import (
    INTEROP,
    MUST,
    PASSWORD,
    REFRESH_TOKEN,
    SERVER,
    UNSAFE,
    Variant,
    damage,
    practice,
    quote,
    requirement,
    rule,
)
from oauth_gauntlet_scenarios.parse.answers import COMPLETE, complete, control, require_no_token, response_mark
from oauth_gauntlet_scenarios.parse.sent_tokens import sent_tokens
from oauth_gauntlet_server import Tenant, faults

_ABSENT = {"token_type": "Bearer", "expires_in": 3600}
_NO_TOKEN = damage(
    "The application takes a response without an access token for a success, and sends something else as the token."
)
_REQUIRED = quote("RFC 6749 5.1", "REQUIRED. The access token issued by the authorization server.", binds=SERVER)
_STRINGS = quote("RFC 6749 5.1", "Parameter names and string values are included as JSON strings.", binds=SERVER)


@requirement(
    "parse.access-token-missing",
    level=UNSAFE,
    basis=[_NO_TOKEN, _REQUIRED, _STRINGS],
    statement="A response without an access token never gives a token.",
    variants={
        "absent": _ABSENT,
        "null": {**COMPLETE, "access_token": None},
        "empty": {**COMPLETE, "access_token": ""},
        "object": {**COMPLETE, "access_token": {"value": "x"}},
        "array": {**COMPLETE, "access_token": ["x"]},
        "true": {**COMPLETE, "access_token": True},
        "false": {**COMPLETE, "access_token": False},
    },
)
def test_access_token_missing(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: access_token is absent, null, empty, an object, an array or a boolean.

    Check: the application gets an error.
    """
    control(client)
    tenant.arm(faults.token_response(variant.value))
    answer = client.try_get_token()
    require_no_token(answer, response_mark("access_token" if "access_token" in variant.value else "token_type"))


# A refresh often has code of its own: a client may check the first response and not this one.
@requirement(
    "parse.access-token-missing-at-refresh",
    level=UNSAFE,
    basis=[_NO_TOKEN, _REQUIRED, _STRINGS],
    grants=[PASSWORD, REFRESH_TOKEN],
    capabilities=["refresh"],
    covered_by=["parse.access-token-missing"],
    statement="A refresh whose response contains no access token never gives a token.",
    variants={
        "absent": _ABSENT,
        "null": {**COMPLETE, "access_token": None},
        "object": {**COMPLETE, "access_token": {"value": "x"}},
    },
)
def test_access_token_missing_at_refresh(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: get a token, then refresh; access_token of that response is absent, null or an object.

    Check: the application gets an error.
    """
    client.control()
    client.try_get_token()
    tenant.arm(faults.token_response(variant.value))
    answer = client.try_refresh()
    require_no_token(answer, response_mark("access_token" if "access_token" in variant.value else "token_type"))


# A server that sends a number will accept its digits. Other digits, as of a number that became a double, are no token of
# that server.
@requirement(
    "parse.access-token-number",
    level=INTEROP,
    basis=[practice("A few servers with numeric identifiers send the access token as a JSON number."), _STRINGS],
    statement="An access token that is a number is refused, or handed out with exactly its digits.",
    variants={"small": "42", "beyond-double": "12345678901234567891", "fraction": "1.50"},
)
def test_access_token_number(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: access_token is a JSON number. Check: its digits as a string, or a documented error."""
    control(client)
    digits = variant.value
    tenant.arm(faults.token_response(f'{{"access_token": {digits}, "token_type": "Bearer", "expires_in": 3600}}'))
    answer = client.try_get_token()
    documented(answer)
    if isinstance(answer, Token):
        require(answer.access_token == digits, expected=f'the access token "{digits}", or an error', seen=described(answer))


_B64TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")


# The length of a token is judged by limits.long-token. A token that is no b64token cannot be sent in a correct header field
# (RFC 6750 2.1, RFC 9110 2.2): a client that reports it is accepted, but one that changes it is not.
@requirement(
    "parse.access-token-verbatim",
    level=MUST,
    basis=[
        rule("RFC 6749 A.12", "access-token = 1*VSCHAR"),
        quote("RFC 6749 1.4", "The string is usually opaque to the client."),
    ],
    statement="The application gets the access token unchanged, whatever its characters look like.",
    variants={
        "vschar": "".join(chr(code) for code in range(0x21, 0x7F)),
        "jwt-like": "eyJhbGciOiJub25lIn0.e30.",
        "base64": "YWJj+/YQ==",
        "plus": "one+two+three",
        "percent": "one%2Btwo%20three%25",
        "entity": "one&amp;two&#65;&lt;three",
        "backslash": r"one\ntwo\u0041\\three\"",
        "quoted": '"one"',
        "inner-blanks": "one two  three",
        "digits": "0123456789012345678901234567890",
        "exponent": "12e3",
        "true": "true",
        "null": "null",
        "object": '{"value":"x"}',
        "array": '["x"]',
    },
)
def test_access_token_verbatim(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the access token has all printable characters, or looks like a JWT, an encoded text, a number or JSON.

    Check: the application gets it unchanged. If its characters cannot be sent with Bearer, an error is accepted too.
    """
    control(client)
    tenant.arm(complete(access_token=variant.value))
    answer = client.try_get_token()
    if isinstance(answer, ErrorInfo) and not _B64TOKEN.fullmatch(variant.value):
        documented(answer)
        return
    require(
        isinstance(answer, Token) and answer.access_token == variant.value,
        expected=f"the access token as sent: {variant.value[:100]!r}",
        seen=described(answer),
        mark=response_mark("access_token"),
    )


@requirement(
    "parse.access-token-sent-verbatim",
    level=MUST,
    basis=rule("RFC 6750 2.1", 'credentials = "Bearer" 1*SP b64token'),
    capabilities=["resource"],
    statement="The client sends the access token unchanged to the resource.",
    variants={"base64": "YWJj+/YQ==", "dots": "a.b-c_d~e"},
)
def test_access_token_sent_verbatim(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the access token contains plus, slash and padding, or the other signs of a b64token; use it at a resource.

    Check: the resource gets exactly this token.
    """
    tenant.arm(faults.token_member("access_token", variant.value))
    client.try_request()
    requests = tenant.journal.requests("resource")
    if not requests:
        untestable("no request arrived at the resource")
    sent = sent_tokens(requests[-1])
    require(
        variant.value in sent,
        expected=f"the access token {variant.value} at the resource",
        seen=f"{', '.join(sent) or 'no token'} there",
    )


# A client may do anything except crash or return a token that was not sent.
@requirement(
    "parse.duplicate-members",
    level=INTEROP,
    basis=[
        practice("Servers that append to a string send a member twice."),
        quote(
            "RFC 8259 4",
            "When the names within an object are not unique, the behavior of software that receives such an object is"
            " unpredictable.",
            binds=SERVER,
        ),
    ],
    statement="A duplicate access_token gives one of the two tokens, or an error that the client documents.",
    variants=["first", "last"],
)
def test_duplicate_members(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: a second access_token precedes or follows the genuine one.

    Check: one of the two, or a documented error.
    """
    client.control()
    tenant.arm(faults.fault("raw_token_member", member="access_token", text='"a-second-token"', keep=variant.name))
    answer = client.try_get_token()
    documented(answer)
    if isinstance(answer, Token):
        token = str(answer.access_token)
        known = token == "a-second-token" or tenant.active(token) is not None
        require(known, expected="one of the two tokens, unchanged", seen=described(answer))
