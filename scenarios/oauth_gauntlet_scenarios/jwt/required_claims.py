"""The claims that every assertion has: the sentences that require them, and their values."""

from __future__ import annotations

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


def values_of(claims: dict[str, JSON], claim: str) -> list[JSON]:
    """Return the values of a claim: aud may have several."""
    return audiences(claims) if claim == "aud" else [claims.get(claim)]
