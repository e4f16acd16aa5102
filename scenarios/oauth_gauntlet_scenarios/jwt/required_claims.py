"""Claims of an assertion: the sentences about them, their values, and that no jti occurs twice."""

from __future__ import annotations

from collections.abc import Iterable

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSON
from oauth_gauntlet.requirement import quote
from oauth_gauntlet_scenarios.jwt.sent_assertion import audiences

ISSUER = quote(
    "RFC 7523 3",
    'The JWT MUST contain an "iss" (issuer) claim that contains a unique identifier for the entity that issued the JWT.',
)
SUBJECT = quote(
    "RFC 7523 3", 'The JWT MUST contain a "sub" (subject) claim identifying the principal that is the subject of the JWT.'
)
AUDIENCE = quote(
    "RFC 7523 3",
    'The JWT MUST contain an "aud" (audience) claim containing a value that identifies the authorization server as an '
    "intended audience.",
)

JTI = quote(
    "RFC 7519 4.1.7",
    "The identifier value MUST be assigned in a manner that ensures that there is a negligible probability that the same "
    "value will be accidentally assigned to a different data object",
)


def require_unique_jti(found: Iterable[witness.Assertion], mark: Mark) -> None:
    """Require that no two different assertions have the same jti; each may have none."""
    sent = [assertion.claims["jti"] for assertion in found if "jti" in assertion.claims]
    require(
        len(set(map(repr, sent))) == len(sent),
        expected="a different jti in each assertion, or none",
        seen=f"jti: {', '.join(map(repr, sent))}",
        mark=mark,
    )


def require_jti_of_its_own(found: Iterable[witness.Assertion], mark: Mark) -> None:
    """Require that assertions with different claims have a different jti; each may have none, and one may be sent twice."""
    first: dict[str, witness.Assertion] = {}
    for assertion in found:
        if "jti" in assertion.claims:
            jti = assertion.claims["jti"]
            require(
                first.setdefault(repr(jti), assertion).claims == assertion.claims,
                expected="another jti, or none: the claims differ from those of the assertion before",
                seen=f"the new assertion has the jti of the one before: {jti!r}",
                mark=mark,
            )


def values_of(claims: dict[str, JSON], claim: str) -> list[JSON]:
    """Return the values of a claim: aud may have several."""
    return audiences(claims) if claim == "aud" else [claims.get(claim)]
