"""Configurations that differ from one exchange to the next.

A client may keep tokens by configuration, also beyond `configure`: with the same configuration again it sends no request.
"""

from __future__ import annotations

from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import JSON, GrantType
from oauth_gauntlet.registration import CLIENT_ID, SUBJECT, USERNAME


def another_party(client: LabClient, number: int) -> dict[str, JSON]:
    """Return changes to the default configuration: another client, user or subject for each number.

    With the grant refresh_token there are none: each configuration has a refresh token of its own.
    """
    match client.grant:
        case GrantType.CLIENT_CREDENTIALS:
            return {"client_id": f"{CLIENT_ID}-{number}"}
        case GrantType.PASSWORD:
            return {"username": f"{USERNAME}-{number}"}
        case GrantType.JWT_BEARER:
            return {"jwt_subject": f"{SUBJECT}-{number}"}
        case GrantType.REFRESH_TOKEN:
            return {}
