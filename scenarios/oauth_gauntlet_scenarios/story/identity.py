"""The two identities of a story: its clients, users or subjects. No other story has the same ones."""

from __future__ import annotations

from oauth_gauntlet.protocol import JSON, GrantType


def identity(grant: GrantType, story: int, *, other: bool) -> dict[str, JSON]:
    """Return the configuration of one of the two identities of the story with this number.

    With the grant refresh_token each configuration has another refresh token, so it is an identity of its own.
    """
    name = f"{'second' if other else 'first'}-{story}"
    return {
        GrantType.CLIENT_CREDENTIALS: {"client_id": f"{name}-client", "client_secret": f"{name}-client-secret"},
        GrantType.REFRESH_TOKEN: {},
        GrantType.PASSWORD: {"username": f"{name}-user", "password": f"{name}-user-password"},
        GrantType.JWT_BEARER: {"jwt_subject": f"{name}-subject"},
    }[grant]
