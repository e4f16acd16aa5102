"""An adapter to complete: at each "fill in", call your client as its documentation shows, and do nothing else.

It runs unchanged; ``oauth-gauntlet adapter check "cmd:python adapter.py"`` reports what is missing.
"""

import platform

from adapter_loop import Adapter, serve


class MyAdapter(Adapter):
    """Drives your client."""

    # Fill in: the exceptions that your client documents, each with its kind (config, oauth, protocol, transport, timeout);
    # the first match counts, and any other exception is unexpected.
    kinds = ((TimeoutError, "timeout"), (ConnectionError, "transport"))

    def hello(self):
        """Declare what the client does; scenarios judge only that. docs/adapter-protocol.md lists the names."""
        return {
            "client": {
                "name": "fill in",
                "version": "",
                "language": "python",
                "runtime": f"python {platform.python_version()}",
                "url": "",
            },
            "grants": ["client_credentials"],
            "token_endpoint_auth_methods": [],
            "parameters": [],
            "capabilities": [],
        }

    def configure(self, config):
        """Discard all state, and create the client from the keys that are present; send nothing yet."""
        # Fill in; raise adapter_loop.Failure("config", why) if your client rejects a configuration without an exception.
        self.config = config

    def get_token(self):
        """Return what the client returns to its application. Use ``async def`` if your client is asynchronous."""
        # Fill in: return adapter_loop.token({"access_token": ..., "token_type": ..., "expires_in": ..., ...})
        raise NotImplementedError(f"fill in get_token: ask {self.config['token_url']} for a token with your client")

    def details(self, exception):
        """Return what an exception of kind oauth contains of the response."""
        # Fill in: {"oauth_error": ..., "oauth_error_description": ..., "http_status": ...}, as far as the client exposes them.
        return {}

    # Fill in or delete; each has its own capability:
    # def refresh(self): return adapter_loop.token({...})                                                   "refresh"
    # def request(self, method, url, headers, body):
    #     return {"status": ..., "headers": [[name, value], ...], "body": text}                             "resource"
    # def describe(self): return [repr(client), str(client)]                                                "describe"
    # def advance_clock(self, seconds): self.clock.advance(seconds)     with adapter_loop.MovedClock(),        "clock"


serve(MyAdapter())
