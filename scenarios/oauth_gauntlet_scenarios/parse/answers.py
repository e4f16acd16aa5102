"""A complete token response, and checks of the token or error that the client returns for a response.

A scenario changes one member of the complete response. Some clients need `expires_in`; a response without it would be
refused for that reason, and show nothing about the member under test.
"""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSON, ErrorInfo, ErrorKind, Token
from oauth_gauntlet_server import faults
from oauth_gauntlet_server.faults import Fault

ACCESS_TOKEN = "gauntlet-token"

COMPLETE: dict[str, JSON] = {"access_token": ACCESS_TOKEN, "token_type": "Bearer", "expires_in": 3600}


def complete(**changes: JSON) -> Fault:
    """Return a fault that answers with the complete token response; `changes` replace or add members."""
    return faults.token_response({**COMPLETE, **changes})


def control(client: LabClient) -> None:
    """Show once for each scenario that the client accepts the complete response."""
    client.control_once(complete())


def response_mark(text: str) -> Mark:
    """Return a mark at a text of the response."""
    return Mark(text=text, part="response")


def require_no_crash(answer: Token | ErrorInfo) -> None:
    """Require a token or an error that the client documents, not an internal exception."""
    require(
        not isinstance(answer, ErrorInfo) or answer.kind is not ErrorKind.UNEXPECTED,
        expected="a token, or an error that the client documents",
        seen=described(answer),
    )


def require_no_token(answer: Token | ErrorInfo, mark: Mark) -> None:
    """Require an error: the response contains no access token."""
    require(
        isinstance(answer, ErrorInfo),
        expected="an error: the response contains no access token",
        seen=described(answer),
        mark=mark,
    )
