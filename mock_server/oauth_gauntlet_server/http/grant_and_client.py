"""Read grant type and client id from a request, even from a malformed one."""

from __future__ import annotations

from oauth_gauntlet_server.http.endpoints import takes_form
from oauth_gauntlet_server.http.form import FormError, decode_component
from oauth_gauntlet_server.http.http_request import BasicCredentialsError, RecordedRequest
from oauth_gauntlet_server.http.sent_parameters import sent_parameters


def grant_and_client_of(endpoint: str, request: RecordedRequest) -> tuple[str | None, str | None]:
    """Return grant type and client id of a request to an endpoint; None for one that is missing or unreadable.

    They decide whether a fault fires, and that must not depend on a correct request: nothing here raises. If a Basic
    header field and a parameter both name a client, the header field wins.
    """
    if not takes_form(endpoint):
        return None, None
    parameters = dict(sent_parameters(request))
    return parameters.get("grant_type"), _basic_user(request) or parameters.get("client_id")


def _basic_user(request: RecordedRequest) -> str | None:
    try:
        basic = request.basic_credentials()
    except BasicCredentialsError:
        return None
    if basic is None:
        return None
    try:
        return decode_component(basic[0].encode())
    except FormError:
        return basic[0]
