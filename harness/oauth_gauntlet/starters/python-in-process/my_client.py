"""An adapter to complete, as a class: there is no program and no loop.

At each "fill in", call your client as its documentation shows, and do nothing else.
It runs unchanged; ``oauth-gauntlet adapter check py:my_client:MyClient`` reports what is missing.
"""

import platform

from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.in_process import reported, token  # noqa: F401 - get_token needs token
from oauth_gauntlet.protocol import Capability, ClientInfo, ErrorKind, GrantType, Hello

# Fill in: the exceptions that your client documents, each with its kind; the first match counts, and any other exception is
# unexpected.
KINDS = ((TimeoutError, ErrorKind.TIMEOUT), (ConnectionError, ErrorKind.TRANSPORT))


def details(exception):
    """Return what an exception of your client contains of the response."""
    # Fill in: {"oauth_error": ..., "oauth_error_description": ..., "http_status": ...}, as far as the client exposes them.
    return {}


class MyClient(ClientAdapter):
    """Drives your client. The harness makes a further object of this class for each further client (no arguments)."""

    def hello(self):
        """Declare what the client does; scenarios judge only that. docs/adapter-protocol.md lists the names."""
        return Hello(
            client=ClientInfo(
                name="fill in", version="", language="python", runtime=f"python {platform.python_version()}", url=""
            ),
            grants=frozenset({GrantType.CLIENT_CREDENTIALS}),
            token_endpoint_auth_methods=frozenset(),
            parameters=frozenset(),
            # Capability.PROCESS_CLOCK: your client reads time.time() or datetime; pip install 'oauth-gauntlet[clock]'.
            capabilities=frozenset[Capability](),
        )

    def configure(self, config):
        """Discard all state, and create the client from the keys that are present; send nothing yet."""
        # Fill in, inside `with reported(KINDS, details):`. Read each key by config.get(...).
        self.config = config

    def get_token(self):
        """Return what the client returns to its application."""
        with reported(KINDS, details):
            # Fill in: return token({"access_token": ..., "token_type": ..., "expires_in": ..., ...})
            raise RuntimeError(f"fill in get_token: ask {self.config.get('token_url')} for a token with your client")

    # Fill in or delete; each has its own capability, and imports more of oauth_gauntlet.protocol and oauth_gauntlet.in_process:
    # def refresh(self): return token({...})                                                       Capability.REFRESH
    # def request(self, method, url, headers, body):
    #     return ResourceResponse(status=..., headers=((name, value), ...), body=text)             Capability.RESOURCE
    # def get_tokens(self, count, cancel=0): return concurrently([self.get_token] * count)         Capability.PARALLEL
    # def requests(self, requests, cancel=0): return requested_together(self, requests)            PARALLEL with RESOURCE
    # def now(self): return time.time()                                                            Capability.PROCESS_CLOCK
    # def describe(self): return [repr(client), str(client)]                                       Capability.DESCRIBE
