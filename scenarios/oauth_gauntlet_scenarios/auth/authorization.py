"""Grants and marks for the scenarios of client authentication."""

from __future__ import annotations

from oauth_gauntlet.checks import untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    PASSWORD,
    REFRESH_TOKEN,
)
from oauth_gauntlet_server import RecordedRequest

WITH_CLIENT = (CLIENT_CREDENTIALS, REFRESH_TOKEN, PASSWORD)


def request_with_authorization(client: LabClient) -> RecordedRequest:
    """Return the first token request that has an Authorization field.

    A request before it may ask for a challenge (auth.preemptive). The syntax of Basic credentials says nothing about a client
    that authenticates in another way (auth.method-as-configured), or not at all (auth.client-authenticates).

    Raises:
        Untestable: no token request has an Authorization field.
    """
    found = (request for request in client.token_requests() if request.header("authorization") is not None)
    return next(found, None) or untestable("no token request has an Authorization field")


def authorization_mark(client: LabClient) -> Mark:
    """Return a mark at the Authorization value of the last token request; without one, at its Host field."""
    text = client.token_request().header("authorization") or "Host"
    return Mark(text=text, exchange=client.place_of_token_request())
