"""The access tokens in a request to a protected resource, in the three places of RFC 6750."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from oauth_gauntlet import witness
from oauth_gauntlet_server import RecordedRequest


def sent_tokens(request: RecordedRequest) -> tuple[str, ...]:
    """Return the tokens of a request: in the header field Authorization, the query and the form body, decoded."""
    _, credentials = witness.authorization(request)
    query = parse_qsl(urlsplit(request.target).query, keep_blank_values=True)
    form = parse_qsl(request.body.decode("latin-1"), keep_blank_values=True)
    named = [value for name, value in (*query, *form) if name == "access_token"]
    return tuple(token for token in (credentials, *named) if token)
