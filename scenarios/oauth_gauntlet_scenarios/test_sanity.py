"""Sanity: the client works at all, at the beginning of the run and still at its end.

Without these two, a client that died in the middle would seem to refuse every faulty answer correctly.
"""

from __future__ import annotations

from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.requirement import MUST, requirement


@requirement(
    "sanity.first",
    level=MUST,
    source="RFC 6749 5.1",
    statement="The token of a well-behaved server reaches the application.",
)
def test_sanity_first(client: LabClient) -> None:
    """Do: a plain token request to a server without faults. Check: the application gets the access token."""
    client.get_token()


@requirement(
    "sanity.last",
    level=MUST,
    source="RFC 6749 5.1",
    statement="After all that happened, the token of a well-behaved server still reaches the application.",
)
def test_sanity_last(client: LabClient) -> None:
    """Do: as in sanity.first, when everything else is over. Check: the application gets the access token."""
    client.get_token()
