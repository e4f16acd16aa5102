"""An honest adapter of a plain client (no cache, no retry), and helpers for the adapters that misreport."""

import json
import threading
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import replace

from oauth_gauntlet.protocol import ClientInfo, GrantType, Hello, Token
from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet.reference.errors import transport_error

UNDECLARED = frozenset({"scope", "additional_payload", "jwt_header", "resource"})
"""Parameters that the client supports; the adapter removes them unless it declares them."""


class Plain(ReferenceClient):
    """An adapter that declares and reports what the client does."""

    grants = (GrantType.CLIENT_CREDENTIALS,)
    methods = ()
    parameters = ()
    capabilities = ()
    keeps = False
    """Whether the client has a cache."""

    def hello(self):
        return Hello(
            client=ClientInfo(name=type(self).__name__),
            grants=frozenset(self.grants),
            token_endpoint_auth_methods=frozenset(self.methods),
            parameters=frozenset(self.parameters),
            capabilities=frozenset(self.capabilities),
        )

    def configure(self, config):
        super().configure({key: config[key] for key in config if key not in UNDECLARED or key in self.parameters})

    def get_token(self):
        if self.keeps:
            return super().get_token()
        # No lock: concurrent callers send concurrent requests.
        configuration, _ = self._ready()
        return self.exposed(self.exchange(configuration.grant))

    def is_invalid_token(self, response):
        return False


def made(error, **changes):
    """Return a copy of the failure with changes to its error."""
    return type(error)(replace(error.error, **changes))


def posted(url, form):
    """Send a token request without the client, and return its token."""
    try:
        with urllib.request.urlopen(url, urllib.parse.urlencode(form).encode(), timeout=10) as answer:
            return Token(access_token=json.load(answer)["access_token"])
    except urllib.error.HTTPError as error:
        with error:
            raise transport_error(f"HTTP {error.code}", error.code) from error


def later(seconds, call):
    """Call a function once, after some seconds, in another thread."""
    timer = threading.Timer(seconds, call)
    timer.daemon = True
    timer.start()
