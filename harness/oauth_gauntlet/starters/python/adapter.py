"""An adapter to fill in: at each "fill in", call your client as its documentation shows, and nothing more.

It runs as it is; ``oauth-gauntlet adapter check "cmd:python adapter.py"`` says what is missing.
"""

import platform

from adapter_loop import Adapter, serve


class MyAdapter(Adapter):
    """Drives a client; fill in which."""

    # Fill in: the exceptions that your client documents, each with its kind (config, oauth, protocol, transport, timeout);
    # the first match counts, and what is not named is answered as unexpected.
    kinds = ((TimeoutError, "timeout"), (ConnectionError, "transport"))

    def hello(self):
        """Say what the client does; what is not declared is not judged. docs/adapter-protocol.md lists the names."""
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
        """Forget everything and build the client from the keys that are there; send nothing yet."""
        # Fill in; raise adapter_loop.Failure("config", why) where your client refuses a configuration without an exception.
        self.config = config

    def get_token(self):
        """Return what the client hands its application. Make it ``async def`` if your client is asynchronous."""
        # Fill in: return adapter_loop.token({"access_token": ..., "token_type": ..., "expires_in": ..., ...})
        raise NotImplementedError(f"fill in get_token: ask {self.config['token_url']} for a token by means of your client")

    def details(self, exception):
        """Return what an exception of kind oauth says of the server's answer."""
        # Fill in: {"oauth_error": ..., "oauth_error_description": ..., "http_status": ...}, as far as the client tells.
        return {}

    # Fill in, each with a capability of its own, or leave out:
    # def refresh(self): return adapter_loop.token({...})                                                   "refresh"
    # def request(self, method, url, headers, body):
    #     return {"status": ..., "headers": [[name, value], ...], "body": text}                             "resource"
    # def describe(self): return [repr(client), str(client)]                                                "describe"
    # def advance_clock(self, seconds): self.clock.advance(seconds)     with adapter_loop.MovedClock(),        "clock"


serve(MyAdapter())
