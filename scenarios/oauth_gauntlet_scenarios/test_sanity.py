"""Sanity: the client works at the beginning and at the end of the run.

Without these two, a client that crashed in between would seem to refuse every faulty response correctly.
"""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.requirement import MUST, requirement
from oauth_gauntlet_server import Tenant


def _issued_token(client: LabClient, tenant: Tenant) -> None:
    token = client.get_token()
    require(
        isinstance(token.access_token, str) and tenant.active(token.access_token),
        expected="the access token that the server issued",
        seen=described(token),
    )


@requirement(
    "sanity.first",
    level=MUST,
    source="RFC 6749 5.1",
    statement="The application gets the token of a server without faults.",
)
def test_sanity_first(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token from a server without faults.

    Check: the application gets the access token that was issued.
    """
    _issued_token(client, tenant)


@requirement(
    "sanity.last",
    level=MUST,
    source="RFC 6749 5.1",
    statement="After all other scenarios the application still gets the token of a server without faults.",
)
def test_sanity_last(client: LabClient, tenant: Tenant) -> None:
    """Do: as in sanity.first, after all other scenarios.

    Check: the application gets the access token that was issued.
    """
    _issued_token(client, tenant)
