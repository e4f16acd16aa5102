"""The text of a configuration error."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType
from oauth_gauntlet.requirement import INTEROP, practice, requirement

_MANDATORY = {
    GrantType.REFRESH_TOKEN: ("token_url", "client_id", "client_secret", "refresh_token"),
    GrantType.CLIENT_CREDENTIALS: ("token_url", "client_id", "client_secret"),
    GrantType.JWT_BEARER: ("token_url", "jwt_issuer", "jwt_subject", "jwt_audience", "private_key"),
    GrantType.PASSWORD: ("token_url", "username", "password"),
}


# Libraries use their own names. Only letters are compared, so that clientId and client-id are client_id.
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


@requirement(
    "config.error-names-parameter",
    level=INTEROP,
    basis=practice('A user who fills in ten fields cannot find the wrong one with "invalid configuration".'),
    statement="A configuration error names the parameter that it is about.",
)
def test_error_names_parameter(client: LabClient) -> None:
    """Do: leave out each mandatory parameter in turn.

    Check: if that is a configuration error, its text names the parameter.
    """
    client.control()
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
