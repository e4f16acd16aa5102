"""The member expires_in: absent, a number, a string, odd values."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, Token
from oauth_gauntlet.requirement import INTEROP, MUST, SERVER, Variant, practice, quote, requirement, rule
from oauth_gauntlet_scenarios.parse.answers import require_no_crash, response_mark
from oauth_gauntlet_server import Tenant, faults

_NUMBERS = quote("RFC 6749 5.1", "Numerical values are included as JSON numbers.", binds=SERVER)


# The level is not "should": the word RECOMMENDED advises the server to send the member. No sentence says what a client does
# without it.
@requirement(
    "parse.expires-in-absent",
    level=INTEROP,
    basis=[
        practice("Several servers send no expires_in; their tokens do not expire, or their documentation says when."),
        quote("RFC 6749 5.1", "RECOMMENDED. The lifetime in seconds of the access token.", binds=SERVER),
    ],
    statement="A response without expires_in is not an error.",
)
def test_expires_in_absent(client: LabClient, tenant: Tenant) -> None:
    """Do: the response has no expires_in. Check: the application gets the token."""
    client.control()
    tenant.arm(faults.without_token_member("expires_in"))
    client.get_token()


@requirement(
    "parse.expires-in-number",
    level=MUST,
    basis=rule("RFC 6749 5.1", "The lifetime in seconds of the access token."),
    statement="The client reads expires_in as a number of seconds.",
)
def test_expires_in_number(client: LabClient, tenant: Tenant) -> None:
    """Do: expires_in is 3600. Check: the lifetime that the client exposes, if any, is 3600 seconds."""
    tenant.arm(faults.token_member("expires_in", 3600))
    token = client.get_token()
    # A client may count down from receipt, or subtract a leeway: no document says how long that is.
    require(
        token.expires_in is None or 3600 / 2 <= token.expires_in <= 3600,
        expected="a lifetime of 3600 s (less a leeway), or none exposed",
        seen=f"a lifetime of {token.expires_in} s",
        mark=response_mark("3600"),
    )
    if token.expires_at is not None:
        remaining = token.expires_at - tenant.clock.now()
        require(
            3600 / 2 - 30 <= remaining <= 3600 + 30,
            expected="expires_at 3600 s from now (less a leeway), in seconds since 1970",
            seen=f"{token.expires_at}, that is {remaining:.0f} s from now",
            mark=response_mark("3600"),
        )


@requirement(
    "parse.expires-in-string",
    level=INTEROP,
    basis=[practice("Azure AD v1, Vimeo and other servers send the lifetime as a decimal string."), _NUMBERS],
    statement="The client reads an expires_in that is a decimal string, or treats it as unknown.",
)
def test_expires_in_string(client: LabClient, tenant: Tenant) -> None:
    """Do: expires_in is the string "3600", as several servers send it.

    Check: a token with a lifetime of 3600 s or an unknown one, or a clear refusal; no crash.
    """
    client.control()
    tenant.arm(faults.token_member("expires_in", "3600"))
    answer = client.try_get_token()
    require_no_crash(answer)
    if isinstance(answer, Token):
        require(
            answer.expires_in is None or 3600 / 2 <= answer.expires_in <= 3600,
            expected="a lifetime of 3600 s, or none",
            seen=f"a lifetime of {answer.expires_in} s",
            mark=response_mark('"3600"'),
        )


@requirement(
    "parse.expires-in-odd",
    level=INTEROP,
    basis=[practice("Servers compute the lifetime, and send fractions, zero, negative numbers, null or texts."), _NUMBERS],
    statement="An expires_in that is not a sensible number gives an unknown lifetime or a clear error, never a crash.",
    variants={
        "float": 3599.5,
        "zero": 0,
        "negative": -3600,
        "null": None,
        "boolean": True,
        "word": "soon",
        "empty": "",
        "object": {"seconds": 3600},
        "huge": 10**20,
        "beyond-double": 10**400,
    },
)
def test_expires_in_odd(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: expires_in is a fraction, zero, negative, null, a boolean, a word, an object, or far too large.

    Check: a token, or an error that the client documents; an internal exception is not.
    """
    client.control()
    tenant.arm(faults.token_member("expires_in", variant.value))
    answer = client.try_get_token()
    require(
        not isinstance(answer, ErrorInfo) or answer.kind is not ErrorKind.UNEXPECTED,
        expected="a token with an unknown lifetime, or an error that the client documents",
        seen=described(answer),
        mark=response_mark("expires_in"),
    )
