"""Grants and marks for the scenarios of client authentication."""

from __future__ import annotations

from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    PASSWORD,
    REFRESH_TOKEN,
)

WITH_CLIENT = (CLIENT_CREDENTIALS, REFRESH_TOKEN, PASSWORD)


def authorization_mark(client: LabClient) -> Mark:
    """Return a mark at the Authorization value of the last token request; without one, at its Host field."""
    return Mark(text=client.token_request().header("authorization") or "Host")
