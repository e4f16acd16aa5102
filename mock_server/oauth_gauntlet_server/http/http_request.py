"""A request and a response as they were on the wire.

They are the evidence that a verdict cites. So they keep what was sent (order, case, duplicates, octets), and every
interpretation, such as `form` or `basic_credentials`, is computed from it on demand.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from oauth_gauntlet_server.http.form import Pairs, parse_form

Headers = tuple[tuple[str, str], ...]

_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?]*")

MOST_RAW = 64 * 1024
"""A recorded response keeps at most this many octets of what was written."""


def first_value(headers: Headers, name: str) -> str | None:
    """Return the value of the first header field of that name, or None."""
    lowered, length = name.lower(), len(name)
    for key, value in headers:
        # The length first: most requests are asked for several fields, and `lower` makes a string each time.
        if len(key) == length and key.lower() == lowered:
            return value
    return None


class BasicCredentialsError(ValueError):
    """The Authorization header field names the Basic scheme, but contains no valid credentials (RFC 7617 §2)."""


@dataclass(frozen=True, kw_only=True)
class RecordedRequest:
    """One request.

    `raw` contains the octets as they arrived, if our listener read them; otherwise it is empty and `exact` is false.
    Header fields keep their case, order and duplicates. Text is latin-1, so that no octet is lost. `body` is the content
    without its transfer coding.
    """

    method: str
    target: str
    http_version: str
    headers: Headers
    body: bytes
    raw: bytes
    exact: bool = True

    def header_values(self, name: str) -> tuple[str, ...]:
        """Return the values of every header field of that name, in order."""
        lowered = name.lower()
        return tuple([value for key, value in self.headers if key.lower() == lowered])

    def header(self, name: str) -> str | None:
        """Return the value of the first header field of that name, or None."""
        return first_value(self.headers, name)

    @cached_property
    def path(self) -> str:
        """The path of the target, not decoded. The target may be in absolute form (RFC 9112 §3.2.2)."""
        origin = _ORIGIN.match(self.target)
        start = origin.end() if origin else 0
        return self.target[start:].partition("?")[0] or "/"

    @cached_property
    def query(self) -> str:
        """The query component of the target, not decoded; empty if there is none."""
        return self.target.partition("?")[2]

    @property
    def query_pairs(self) -> Pairs:
        """Names and values of the query component.

        Raises:
            FormError: the query is not form-urlencoded UTF-8.
        """
        return parse_form(self.query.encode("latin-1"))

    @cached_property
    def media_type(self) -> str | None:
        """Type and subtype from Content-Type, in lower case and without parameters (RFC 9110 §8.3.1)."""
        value = self.header("content-type")
        return None if value is None else value.partition(";")[0].strip().lower()

    @cached_property
    def form(self) -> Pairs:
        """Names and values of the body, parsed as a form. The content type is ignored.

        Raises:
            FormError: the body is not form-urlencoded UTF-8.
        """
        return parse_form(self.body)

    def form_values(self, name: str) -> tuple[str, ...]:
        """Return every value of a form parameter, in order."""
        return tuple(value for key, value in self.form if key == name)

    def form_value(self, name: str) -> str | None:
        """Return the first value of a form parameter, or None."""
        return next(iter(self.form_values(name)), None)

    def basic_credentials(self) -> tuple[str, str] | None:
        """Return user and password of the Basic scheme, decoded from base64 only; None if the scheme is another one.

        They are not form-decoded, as RFC 6749 §2.3.1 would require: a scenario checks how the client encoded them.

        Raises:
            BasicCredentialsError: the credentials are malformed.
        """
        value = self.header("authorization")
        if value is None:
            return None
        scheme, _, token = value.partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            text = base64.b64decode(token.strip(" "), validate=True).decode("utf-8")
        except ValueError as error:
            raise BasicCredentialsError(f"what follows Basic is not base64 of UTF-8 text: {token[:60]!r}") from error
        user, colon, password = text.partition(":")
        if not colon:
            raise BasicCredentialsError("there is no colon between user and password")
        return user, password


@dataclass(frozen=True, kw_only=True)
class RecordedResponse:
    """One response.

    `raw` contains the octets that our listener wrote, at most `MOST_RAW` of them. `truncated` is true if it wrote more.
    Behind another WSGI server `raw` is empty.
    """

    status: int
    reason: str
    headers: Headers
    body: bytes
    raw: bytes = b""
    truncated: bool = False

    def header(self, name: str) -> str | None:
        """Return the value of the first header field of that name, or None."""
        return first_value(self.headers, name)

    def json(self) -> Any:
        """Return the body, parsed as JSON.

        Raises:
            ValueError: the body is not JSON.
        """
        return json.loads(self.body)
