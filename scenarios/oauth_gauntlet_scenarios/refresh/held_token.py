"""The refresh token that a client has, and the one that it sends."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import untestable
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.protocol import GrantType, Token
from oauth_gauntlet.requirement import PASSWORD, REFRESH_TOKEN

WITH_REFRESH_TOKEN = [REFRESH_TOKEN, PASSWORD]


def sent_token(client: LabClient) -> str | None:
    """Return the refresh token of the last token request."""
    return witness.value(client.token_request(), "refresh_token")


def shown_token(client: LabClient) -> str:
    """Return the refresh token of the last token request as it was sent, for a finding."""
    return witness.shown(client.token_request(), "refresh_token")


def begin_session(client: LabClient) -> str:
    """Get a first token, and return the refresh token that the client has from then on.

    Raises:
        Untestable: the client has no token.
    """
    answer = client.try_get_token()
    if not isinstance(answer, Token):
        untestable(f"the client has no first token: it reported {described(answer)}")
    if client.grant is GrantType.REFRESH_TOKEN:
        return str(client.config["refresh_token"])
    return str(client.grants()[-1]["refresh_token"])
