"""The text of a configuration error."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType
from oauth_gauntlet.requirement import INTEROP, requirement

_MANDATORY = {
    GrantType.REFRESH_TOKEN: ("token_url", "client_id", "client_secret", "refresh_token"),
    GrantType.CLIENT_CREDENTIALS: ("token_url", "client_id", "client_secret"),
    GrantType.JWT_BEARER: ("token_url", "jwt_issuer", "jwt_subject", "jwt_audience", "private_key"),
    GrantType.PASSWORD: ("token_url", "username", "password"),
}


# Libraries have names of their own; letters alone are compared, so that clientId and client-id are client_id.
_NAMES = {
    "token_url": ("url", "uri", "endpoint", "host"),
    "client_id": ("clientid", "client"),
    "client_secret": ("secret", "clientauth", "credential"),
    "refresh_token": ("refreshtoken", "refresh"),
    "username": ("username", "user"),
    "password": ("password",),
    "jwt_issuer": ("issuer", "iss"),
    "jwt_subject": ("subject", "sub"),
    "jwt_audience": ("audience", "aud"),
    "private_key": ("key", "pem"),
}


# A user has a form of ten fields before them; "invalid configuration" sends them through all of it.
@requirement(
    "config.error-names-parameter",
    level=INTEROP,
    source="practice",
    statement="An error of configuration names the parameter that it is about.",
)
def test_error_names_parameter(client: LabClient) -> None:
    """Do: leave out each mandatory parameter in turn. Check: where that is an error of configuration, its text names it."""
    for parameter in _MANDATORY[client.grant]:
        answer = client.obtain(**{parameter: None})
        if not isinstance(answer, ErrorInfo) or answer.kind is not ErrorKind.CONFIG:
            continue
        letters = "".join(character for character in f"{answer.message} {answer.type}".lower() if character.isalpha())
        require(
            any(name in letters for name in _NAMES[parameter]),
            expected=f"an error that names {parameter}",
            seen=described(answer),
        )
