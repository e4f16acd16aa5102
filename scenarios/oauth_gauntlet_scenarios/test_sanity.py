"""Sanity: the client works at the beginning and at the end of the run.

These two are the preamble of a run: all other verdicts rest on them, for a client that gets a token from a correct server.
Without these two, a client that crashed in between would seem to refuse every faulty response correctly.
"""

from __future__ import annotations

from oauth_gauntlet.lab import LabClient, get_issued_token
from oauth_gauntlet.requirement import MUST, requirement, rule

_PURPOSE = rule(
    "RFC 6749 3.2",
    "The token endpoint is used by the client to obtain an access token by presenting its authorization grant or refresh"
    " token.",
)


@requirement(
    "sanity.first",
    level=MUST,
    basis=_PURPOSE,
    statement="The application gets the token of a server without faults.",
)
def test_sanity_first(client: LabClient) -> None:
    """Do: get a token from a server without faults.

    Check: the application gets the access token that was issued. Where it gets none, the other scenarios of the grant are not
    run, unless `--keep-going` is given.
    """
    get_issued_token(client)


@requirement(
    "sanity.last",
    level=MUST,
    basis=_PURPOSE,
    covered_by=["sanity.first"],
    statement="After all other scenarios the application still gets the token of a server without faults.",
)
def test_sanity_last(client: LabClient) -> None:
    """Do: as in sanity.first, after all other scenarios.

    Check: the application gets the access token that was issued.
    """
    get_issued_token(client)
