"""The names of parameters that the protocol knows: those of each grant, of other requests, and misspelt ones. Pure."""

from __future__ import annotations

from oauth_gauntlet.protocol import GrantType

_PARAMETERS = {
    GrantType.REFRESH_TOKEN: {"refresh_token"},
    GrantType.CLIENT_CREDENTIALS: set[str](),
    GrantType.JWT_BEARER: {"assertion"},
    GrantType.PASSWORD: {"username", "password"},
}

_OF_CLIENT_AUTHENTICATION = {"client_id", "client_secret", "client_assertion", "client_assertion_type"}

# Parameters of other grants and endpoints: a strict server refuses them, or treats the request as another one.
_OF_OTHER_REQUESTS = {"code", "redirect_uri", "response_type", "state", "code_verifier", "nonce", "token", "access_token"}

_KNOWN = {"grant_type", "scope", "resource", *_OF_CLIENT_AUTHENTICATION}.union(*_PARAMETERS.values())


def of_other_requests(names: set[str], grant: GrantType) -> set[str]:
    """Return the names that are parameters of another grant or endpoint."""
    others = set().union(*_PARAMETERS.values()) | _OF_OTHER_REQUESTS
    return names & (others - _PARAMETERS[grant] - _OF_CLIENT_AUTHENTICATION)


def misspelt(names: set[str]) -> set[str]:
    """Return the names that are nearly those of parameters of the protocol which the request lacks."""
    missing = {_key(name) for name in _KNOWN - names}
    return {name for name in names - _KNOWN if _key(name) in missing}


def _key(name: str) -> str:
    """Return what is common to the spellings of a name: ``clientId``, ``client-id``, ``client_ids`` are ``clientid``."""
    return "".join(filter(str.isalnum, name)).lower().removesuffix("s")
