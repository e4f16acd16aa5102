"""A request and a response as they were on the wire: the evidence, and nothing of anyone's interpretation."""

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
"""Octets of a written response that are kept."""


class BasicCredentialsError(ValueError):
    """The Authorization header names the Basic scheme, but holds no credentials of it (RFC 7617 §2)."""


@dataclass(frozen=True, kw_only=True)
class RecordedRequest:
    """One request. `raw` holds its very octets where the listener saw them; `exact` says whether it did.

    Header names keep their case, headers their order and duplicates; text is latin-1, so nothing is lost. `body` is
    what is left when a transfer coding has been removed.
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
        wanted = name.lower()
        return tuple([value for key, value in self.headers if key.lower() == wanted])

    def header(self, name: str) -> str | None:
        """Return the value of the first header field of that name, or None."""
        wanted = name.lower()
        for key, value in self.headers:
            if key.lower() == wanted:
                return value
        return None

    @cached_property
    def path(self) -> str:
        """The target's path, not decoded; of a target in absolute form too (RFC 9112 §3.2.2)."""
        origin = _ORIGIN.match(self.target)
        start = origin.end() if origin else 0
        return self.target[start:].partition("?")[0] or "/"

    @cached_property
    def query(self) -> str:
        """The target's query component, not decoded; empty when there is none."""
        return self.target.partition("?")[2]

    @property
    def query_pairs(self) -> Pairs:
        """Names and values of the query component.

        Raises:
            FormError: it does not decode.
        """
        return parse_form(self.query.encode("latin-1"))

    @cached_property
    def media_type(self) -> str | None:
        """Type and subtype of Content-Type in lower case, without parameters (RFC 9110 §8.3.1)."""
        value = self.header("content-type")
        return None if value is None else value.partition(";")[0].strip().lower()

    @cached_property
    def form(self) -> Pairs:
        """Names and values of the body, read as a form, whatever the content type says.

        Raises:
            FormError: it does not decode.
        """
        return parse_form(self.body)

    def form_values(self, name: str) -> tuple[str, ...]:
        """Return every value of a form parameter, in order."""
        return tuple(value for key, value in self.form if key == name)

    def form_value(self, name: str) -> str | None:
        """Return the first value of a form parameter, or None."""
        return next(iter(self.form_values(name)), None)

    def basic_credentials(self) -> tuple[str, str] | None:
        """Return user and password of the Basic scheme as base64 held them, not form-decoded; None without the scheme.

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
    """One response as it was answered.

    `raw` holds the octets that were written where our listener wrote them, at most `MOST_RAW` of them; `truncated` says
    whether there were more.
    """

    status: int
    reason: str
    headers: Headers
    body: bytes
    raw: bytes = b""
    truncated: bool = False

    def header(self, name: str) -> str | None:
        """Return the value of the first header field of that name, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def json(self) -> Any:
        """Return the body, read as JSON.

        Raises:
            ValueError: it is none.
        """
        return json.loads(self.body)
