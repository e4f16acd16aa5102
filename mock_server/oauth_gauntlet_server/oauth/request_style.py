"""Where a tenant takes the parameters of a token request from: a form (RFC 6749 §3.2), a JSON object, the query.

The standard allows the form only. Auth0, Google and Shopify take JSON too, and Zoom the query.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from oauth_gauntlet_server.http.form import FormError, Pairs
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.http.sent_parameters import JSON_TYPE, JSONParametersError, json_parameters
from oauth_gauntlet_server.tenancy.tenant_settings import FORM, JSON, QUERY

FORM_TYPE = "application/x-www-form-urlencoded"

_MEDIA_TYPES = {FORM: FORM_TYPE, JSON: JSON_TYPE}


class StyleError(ValueError):
    """The request has another style than the tenant takes, or its parameters cannot be read."""


def allowed_methods(styles: AbstractSet[str]) -> tuple[str, ...]:
    """Return the methods of token requests: POST, and GET where the parameters may be in the query."""
    return ("GET", "POST") if QUERY in styles else ("POST",)


def body_parameters(recorded: RecordedRequest, styles: AbstractSet[str]) -> Pairs:
    """Return the parameters of a token request, without those of the query where it is not a style of the tenant.

    Raises:
        StyleError: the content type is that of another style, or the parameters do not decode.
    """
    try:
        query = recorded.query_pairs if QUERY in styles else ()
        if QUERY in styles and not recorded.body:
            return query
        if recorded.media_type == FORM_TYPE and FORM in styles:
            return (*query, *recorded.form)
        if recorded.media_type == JSON_TYPE and JSON in styles:
            return (*query, *json_parameters(recorded))
    except FormError as error:
        raise StyleError(f"The form does not decode: {error}") from error
    except JSONParametersError as error:
        raise StyleError(str(error)) from error
    expected = " or ".join(media_type for style, media_type in _MEDIA_TYPES.items() if style in styles)
    shown = " and ".join(recorded.header_values("content-type")) or "none"
    if not expected:
        raise StyleError("The parameters must be in the query, not in a body")
    raise StyleError(f"The content type must be {expected}, not {shown}")
