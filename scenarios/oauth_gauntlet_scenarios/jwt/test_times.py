"""Claims about time: exp, nbf, iat."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.requirement import INTEROP, MUST, SHOULD, requirement
from oauth_gauntlet_scenarios.jwt.sent_assertion import ASSERTION, JWT, sent_assertion
from oauth_gauntlet_server import Tenant

# Clocks differ; a claim about the current time may be wrong by so many seconds (RFC 7519 §4.1.4 describes
# this practice).
_SKEW_S = 300


# RFC 7519 §2: NumericDate is "A JSON numeric value representing the number of seconds from
# 1970-01-01T00:00:00Z UTC".
@requirement(
    "jwt.numeric-dates",
    level=MUST,
    source="RFC 7519 2, 4.1",
    grants=JWT,
    statement="exp, nbf and iat, if sent, are numbers of seconds, not strings or milliseconds.",
)
def test_numeric_dates(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token.

    Check: each of the three is absent, or a number within one year of the current time.
    """
    claims = sent_assertion(client).claims
    for name in ("exp", "nbf", "iat"):
        found = claims.get(name, tenant.clock.now())
        numeric = isinstance(found, int | float) and not isinstance(found, bool)
        require(
            numeric and abs(float(str(found)) - tenant.clock.now()) < 366 * 86400,
            expected=f"{name} as a number of seconds since 1970",
            seen=f"{name}={found!r}",
            mark=ASSERTION,
        )


# RFC 7523 §3: "The JWT MUST contain an "exp" claim that limits the time window during which the JWT can be
# used." RFC 7519 §2: NumericDate is a JSON number of seconds.
@requirement(
    "jwt.exp-present",
    level=MUST,
    source="RFC 7523 3, RFC 7519 4.1.4",
    grants=JWT,
    statement="The assertion has exp: a number of seconds, in the future, and not unreasonably far.",
)
def test_exp_present(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token. Check: exp is a number of seconds in the future (by more than an hour: a warning)."""
    expires = sent_assertion(client).claims.get("exp")
    require(
        isinstance(expires, int | float) and not isinstance(expires, bool),
        expected="exp to be a number of seconds",
        seen=f"exp={expires!r}",
        mark=ASSERTION,
    )
    assert isinstance(expires, int | float)
    remaining = expires - tenant.clock.now()
    require(remaining > 0, expected="exp in the future", seen=f"it is {-remaining:.0f} s in the past", mark=ASSERTION)
    require(
        remaining < 10 * 365 * 86400,
        expected="exp in seconds since 1970",
        seen=f"exp={expires!r}, probably milliseconds",
        mark=ASSERTION,
    )
    advise(
        remaining <= 3600 + _SKEW_S,
        expected="an assertion with a lifetime of at most one hour",
        seen=f"{remaining:.0f} s",
        mark=ASSERTION,
    )


# RFC 7519 §4.1.6: iat "identifies the time at which the JWT was issued". It may be absent (RFC 7523 §3).
@requirement(
    "jwt.iat-sane",
    level=SHOULD,
    source="RFC 7519 4.1.6",
    grants=JWT,
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


# RFC 7523 §3: nbf "identifies the time before which the token MUST NOT be accepted for processing".
@requirement(
    "jwt.nbf-sane",
    level=MUST,
    source="RFC 7523 3",
    grants=JWT,
    statement="nbf, if sent, is not in the future.",
)
def test_nbf_sane(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token. Check: nbf is absent, or a number not later than the current time."""
    not_before = sent_assertion(client).claims.get("nbf")
    require(
        not_before is None or (isinstance(not_before, int | float) and not_before <= tenant.clock.now() + 1),
        expected="nbf not in the future, or absent",
        seen=f"nbf={not_before!r}",
        mark=ASSERTION,
    )


@requirement(
    "jwt.fresh-per-request",
    level=INTEROP,
    source="practice; RFC 7523 3",
    grants=JWT,
    capabilities=["clock", "cache", "auto_refresh"],
    statement="After an assertion has expired, the client creates a new one.",
)
def test_fresh_per_request(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token, move both clocks ahead by a day, get another token.

    Check: the second assertion has not expired.
    """
    client.get_token()
    client.advance(86400)
    client.try_get_token()
    expires = witness.assertion(client.token_request()).claims.get("exp")
    require(
        isinstance(expires, int | float) and expires > tenant.clock.now(),
        expected="an assertion with exp in the future",
        seen=f"exp={expires!r}, now={tenant.clock.now():.0f}",
        mark=ASSERTION,
    )
