"""An honest adapter of a plain client, and the tools by which others lie: no cache, no second try, and it says so."""

import json
import threading
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import replace

from oauth_gauntlet.protocol import ClientInfo, GrantType, Hello, Token
from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet.reference.errors import transport_error

UNTOLD = frozenset({"scope", "additional_payload", "jwt_header"})
"""Parameters that the client could do, and that an adapter which does not declare them keeps from it."""


class Plain(ReferenceClient):
    """Nothing is a lie yet."""

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
        super().configure({key: config[key] for key in config if key not in UNTOLD or key in self.parameters})

    def get_token(self):
        if self.keeps:
            return super().get_token()
        # No lock: callers at once ask at once.
        configuration, _ = self._ready()
        return self.exposed(self.exchange(configuration.grant))

    def says_invalid_token(self, response):
        return False


def made(error, **changes):
    """Return the failure with another error in its place."""
    return type(error)(replace(error.error, **changes))


def posted(url, form):
    """Return the token of a request that no client made."""
    try:
        with urllib.request.urlopen(url, urllib.parse.urlencode(form).encode(), timeout=10) as answer:
            return Token(access_token=json.load(answer)["access_token"])
    except urllib.error.HTTPError as error:
        with error:
            raise transport_error(f"HTTP {error.code}", error.code) from error


def later(seconds, call):
    """Call once, after a while, whoever asks for it."""
    timer = threading.Timer(seconds, call)
    timer.daemon = True
    timer.start()
