"""Bugs in scopes."""

import re
from typing import Any

from oauth_gauntlet.reference.errors import protocol_error
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
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
