"""Who asks for what: grant type and client of a request, as far as they can be read, be the request correct or not."""

from __future__ import annotations

from oauth_gauntlet_server.http.endpoints import takes_form
from oauth_gauntlet_server.http.form import FormError, decode_component
from oauth_gauntlet_server.http.http_request import BasicCredentialsError, RecordedRequest


def parties_of(endpoint: str, request: RecordedRequest) -> tuple[str | None, str | None]:
    """Return grant type and client id of a request to an endpoint; None for what it does not say.

    The client of a Basic header comes before the one in the form: what decides of a fault must not depend on a correct
    request.
    """
    if not takes_form(endpoint):
        return None, None
    try:
        form = dict(request.form)
    except FormError:
        form = {}
    return form.get("grant_type"), _basic_user(request) or form.get("client_id")


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
