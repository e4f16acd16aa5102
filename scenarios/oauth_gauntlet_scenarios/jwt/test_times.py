"""Claims about time: exp, nbf, iat."""

from __future__ import annotations

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.protocol import Token
from oauth_gauntlet.requirement import EXPIRY, INTEROP, MUST, practice, quote, requirement, rule
from oauth_gauntlet_scenarios.jwt.sent_assertion import ASSERTION, JWT, is_seconds, readable_assertion, sent_assertion
from oauth_gauntlet_server import Tenant

# Clocks differ. A claim about the current time may be wrong by so many seconds: RFC 7519 4.1.4 and 4.1.5 speak of a leeway of
# "no more than a few minutes".
_SKEW_S = 300


@requirement(
    "jwt.numeric-dates",
    level=MUST,
    basis=[
        *(
            quote(f"RFC 7519 {section}", "Its value MUST be a number containing a NumericDate value.")
            for section in ("4.1.4", "4.1.5", "4.1.6")
        ),
        rule(
            "RFC 7519 2",
            "A JSON numeric value representing the number of seconds from 1970-01-01T00:00:00Z UTC until the "
            "specified UTC date/time, ignoring leap seconds.",
        ),
    ],
    grants=JWT,
    refused_as=["The claim * is not a number of seconds"],
    statement="exp, nbf and iat, if sent, are numbers of seconds, not strings or milliseconds.",
)
def test_numeric_dates(client: LabClient) -> None:
    """Do: get a token. Check: each of the three is absent, or a number that is no count of milliseconds.

    A date far in the future is legal: the server "may reject" it (RFC 7523 3).
    """
    claims = sent_assertion(client).claims
    for name in ("exp", "nbf", "iat"):
        found = claims.get(name, 0)
        require(
            is_seconds(found),
            expected=f"{name} as a number of seconds since 1970",
            seen=f"{name}={found!r}",
            mark=ASSERTION,
        )


# How long an assertion may live is a matter of agreement (RFC 7523 5), so no lifetime is too long.
@requirement(
    "jwt.exp-present",
    level=MUST,
    basis=[
        quote(
            "RFC 7523 3",
            'The JWT MUST contain an "exp" (expiration time) claim that limits the time window during which the JWT can be '
            "used.",
        ),
        rule(
            "RFC 7519 4.1.4",
            'The "exp" (expiration time) claim identifies the expiration time on or after which the JWT MUST NOT be accepted '
            "for processing.",
        ),
    ],
    grants=JWT,
    refused_as=["The claim exp is missing", "The claim exp has passed"],
    renewals=[EXPIRY],
    statement="The assertion has exp, and it has not expired.",
)
def test_exp_present(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token. Check: exp is a number of seconds in the future."""
    expires = sent_assertion(client).claims.get("exp")
    require(is_seconds(expires), expected="exp to be a number of seconds", seen=f"exp={expires!r}", mark=ASSERTION)
    assert isinstance(expires, int | float)
    remaining = expires - tenant.clock.now()
    require(remaining > 0, expected="exp in the future", seen=f"it is {-remaining:.0f} s in the past", mark=ASSERTION)


@requirement(
    "jwt.iat-sane",
    level=INTEROP,
    basis=practice("Servers reject an assertion that was issued in the future, or long ago (RFC 7523 3 allows the latter)."),
    grants=JWT,
    refused_as=["The claim iat is in the future"],
    renewals=[EXPIRY],
    statement="iat, if sent, is the current time.",
)
def test_iat_sane(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token. Check: iat is absent, or a number within five minutes of the current time."""
    issued = sent_assertion(client).claims.get("iat")
    require(
        issued is None or (isinstance(issued, int | float) and abs(issued - tenant.clock.now()) <= _SKEW_S),
        expected="iat within five minutes of the current time, or absent",
        seen=f"iat={issued!r}",
        mark=ASSERTION,
    )


# Not a must: the sentence about nbf binds the server, which MUST NOT accept the assertion before that time.
@requirement(
    "jwt.nbf-sane",
    level=INTEROP,
    basis=practice("Servers reject an assertion that is not valid yet; they allow a few minutes for clocks that differ."),
    grants=JWT,
    refused_as=["The claim nbf is in the future"],
    statement="nbf, if sent, is not far in the future.",
)
def test_nbf_sane(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token. Check: nbf is absent, or a number not later than five minutes after the current time."""
    not_before = sent_assertion(client).claims.get("nbf")
    require(
        not_before is None or (isinstance(not_before, int | float) and not_before <= tenant.clock.now() + _SKEW_S),
        expected="nbf within five minutes of the current time, earlier, or absent",
        seen=f"nbf={not_before!r}",
        mark=ASSERTION,
    )


@requirement(
    "jwt.fresh-per-request",
    level=INTEROP,
    covered_by=["jwt.exp-present"],
    basis=practice("Servers reject an assertion that has expired; a client that keeps it gets no second token."),
    grants=JWT,
    capabilities=["clock", "cache", "auto_refresh"],
    statement="After an assertion has expired, the client creates a new one.",
)
def test_fresh_per_request(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token, move both clocks ahead by a day, get another token.

    Check: the second assertion has not expired.
    """
    first = client.try_get_token()
    if not isinstance(first, Token):
        untestable(f"the client got no first token: it reported {described(first)}")
    client.advance(86400)
    client.try_get_token()
    if len(client.token_requests()) < 2:
        untestable("the client asked for no second token")
    expires = readable_assertion(client).claims.get("exp")
    require(
        isinstance(expires, int | float) and expires > tenant.clock.now(),
        expected="an assertion with exp in the future",
        seen=f"exp={expires!r}, now={tenant.clock.now():.0f}",
        mark=ASSERTION,
    )
