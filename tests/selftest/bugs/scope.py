"""Bugs in scopes."""

import re
from dataclasses import replace
from typing import Any

from oauth_gauntlet.reference.errors import protocol_error
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.token_response import TokenResponseReader
from tests.selftest.bugs.broken import Broken


class ScopeCompared(Broken):
    """Rejects a token if its scope is not exactly the requested string."""

    seen_in = ("oauthlib/oauthlib#562", "requests/requests-oauthlib#173", "requests/requests-oauthlib#387")

    reached_by = ("another scope",)

    def ask(self, grant: Any) -> Any:
        granted = super().ask(grant)
        configuration, _ = self._ready()
        if granted.scope and configuration.scope and granted.scope != configuration.scope:
            raise protocol_error("another scope was granted")
        return granted


class ScopeCleaned(Broken):
    """Removes the characters that a scope must not contain."""

    class Requests(TokenRequestBuilder):
        def scope_parameters(self) -> Any:
            return [(name, re.sub(r"[^!#-\[\]-~ ]", "", value)) for name, value in super().scope_parameters()]


class ScopeByComma(Broken):
    """Separates scopes with commas."""

    seen_in = ("thephpleague/oauth2-client#834", "ramosbugs/oauth2-rs#17", "lelylan/simple-oauth2#200")

    class Requests(TokenRequestBuilder):
        def scope_parameters(self) -> Any:
            return [(name, value.replace(" ", ",")) for name, value in super().scope_parameters()]


class ScopesSent(Broken):
    """Sends the scope in a parameter scopes."""

    class Requests(TokenRequestBuilder):
        def parameters(self, grant: Any, *, refresh_token: str | None, now: float) -> Any:
            pairs = super().parameters(grant, refresh_token=refresh_token, now=now)
            return [("scopes" if name == "scope" else name, value) for name, value in pairs]


class ScopeLeftOut(Broken):
    """Sends no scope, although one is configured."""

    class Requests(TokenRequestBuilder):
        def scope_parameters(self) -> Any:
            return []


class GrantedScopeSplit(Broken):
    """Splits the scope of a response if it has requested one, and assumes that it is a string (as google-auth does)."""

    reached_by = ("a requested scope",)

    class Responses(TokenResponseReader):
        requested: str | None = None

        def document(self, body: bytes) -> Any:
            document = super().document(body)
            if self.requested and document and "scope" in document:
                document["scope"].split(" ")
            return document

    def ask(self, grant: Any) -> Any:
        configuration, _ = self._ready()
        vars(self.responses)["requested"] = configuration.scope
        return super().ask(grant)


class RequestedScopeShown(Broken):
    """Shows the requested scope, whatever scope the response has."""

    reached_by = ("another scope",)

    def ask(self, grant: Any) -> Any:
        configuration, _ = self._ready()
        granted = super().ask(grant)
        return replace(granted, scope=configuration.scope or granted.scope)


class GrantedScopeSentRaw(Broken):
    """Sends the scope of the last response with a refresh, and does not encode it."""

    reached_by = ("send again",)

    granted: str | None = None

    def ask(self, grant: Any) -> Any:
        found = super().ask(grant)
        self.granted = found.scope
        return found

    def request_builder(self, configuration: Any) -> Any:
        scope = self.granted

        class Requests(TokenRequestBuilder):
            def body(self, pairs: Any) -> bytes:
                if ("grant_type", "refresh_token") not in pairs or scope is None:
                    return super().body(pairs)
                return super().body(pairs) + f"&scope={scope}".encode()

        return Requests(configuration)
