"""Freedoms in concurrent requests at the resource, and in how a client recovers from a refused token."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import GrantType, ResourceResponse
from oauth_gauntlet.reference.challenges import challenges
from tests.selftest.freedoms.free import Free


class OneRequestAtATime(Free):
    """Sends one request after the other, also if several callers ask at once: no document asks for concurrency."""

    reached_by = ("requests",)

    def __init__(self) -> None:
        super().__init__()
        self._turn = threading.Lock()

    def request(self, method: str, url: str, headers: Any, body: Any) -> Any:
        with self._turn:
            return super().request(method, url, headers, body)


class RepeatsTwice(Free):
    """Renews the token and repeats the request up to two times (RFC 6750 3.1: the client MAY retry)."""

    reached_by = ("is_invalid_token",)

    def request(self, method: str, url: str, headers: Any, body: Any) -> Any:
        response = super().request(method, url, headers, body)
        if response.status != 401:
            return response
        with self._lock:
            self.held = None
        answer = self.send_with(self.get_token(), method, url, headers, body)
        return ResourceResponse(status=answer.status, headers=answer.headers, body=answer.body.decode("utf-8", "replace"))


class RefusalInPlaceOfError(Free):
    """Returns the resource's 401 if the renewal fails, and keeps the refused token until one succeeds."""

    reached_by = ("a token request that failed",)

    def request(self, method: str, url: str, headers: Any, body: Any) -> Any:
        self.check_resource(url)
        token = self.get_token()
        response = self.send_with(token, method, url, headers, body)
        if self.is_invalid_token(response):
            with self._lock:
                try:
                    if self.held is None or self.held.grant.access_token == token.access_token:
                        self.renew()
                    response = None
                except ClientFailure:
                    pass  # the refusal of the resource says enough
            if response is None:
                response = self.send_with(self.get_token(), method, url, headers, body)
        return ResourceResponse(status=response.status, headers=response.headers, body=response.body.decode("utf-8", "replace"))


class OldTokenWhileRenewing(Free):
    """Holds no lock while it renews: a request that starts meanwhile is sent with the old token, and repeated if refused."""

    reached_by = ("is_invalid_token",)

    def __init__(self) -> None:
        super().__init__()
        self._renewing = threading.Lock()

    def request(self, method: str, url: str, headers: Any, body: Any) -> Any:
        self.check_resource(url)
        token = self.get_token()
        response = self.send_with(token, method, url, headers, body)
        if self.is_invalid_token(response):
            with self._renewing:
                held = self.held
                if held is None or held.grant.access_token == token.access_token:
                    held = self.renew()
            response = self.send_with(self.exposed(held), method, url, headers, body)
        return ResourceResponse(status=response.status, headers=response.headers, body=response.body.decode("utf-8", "replace"))


class AsksForTheMissingScope(Free):
    """Gets a token with the scope that a 403 names, once (MCP Authorization 2025-11-25, "Step-Up Authorization Flow": MAY)."""

    reached_by = ("a challenge that names a scope",)

    def request(self, method: str, url: str, headers: Any, body: Any) -> Any:
        response = super().request(method, url, headers, body)
        configuration, _ = self._ready()
        missing = _scope_named(response.headers)
        if response.status != 403 or missing is None or configuration.grant is not GrantType.CLIENT_CREDENTIALS:
            return response
        with self._lock:
            self.configuration = replace(configuration, scope=f"{configuration.scope or ''} {missing}".strip())
            try:
                self.renew()
            except ClientFailure:
                self.configuration = configuration
                return response
        return super().request(method, url, headers, body)


def _scope_named(headers: Iterable[tuple[str, str]]) -> str | None:
    bearer = (each.parameters for each in challenges(headers) if each.scheme == "bearer")
    return next((each["scope"] for each in bearer if each.get("error") == "insufficient_scope" and "scope" in each), None)
