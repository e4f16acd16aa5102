"""Get the assertion that the client sends.

The witness verifies it with PyJWT; the mock server uses another library, so an error in one of them shows.
"""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSON
from oauth_gauntlet.requirement import JWT_BEARER

JWT = [JWT_BEARER]


ASSERTION = Mark(text="assertion=")


def sent_assertion(client: LabClient, **changes: JSON) -> witness.Assertion:
    """Configure the client with changes, ask for a token, and return the assertion of its request."""
    client.configure(**changes)
    client.try_get_token()
    return witness.assertion(client.token_request())
