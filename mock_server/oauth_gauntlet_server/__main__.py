"""``python -m oauth_gauntlet_server``: start a server for local development and print its URL.

It is the server of ``oauth-gauntlet serve`` where only the server's own dependencies are installed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from oauth_gauntlet_server.listening.listener import ListenerError
from oauth_gauntlet_server.serve import DEFAULT_HOST, DEFAULT_PORT, default_tenant, development_server, stop_on_signals


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM, and return the exit code: 2 if the address cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m oauth_gauntlet_server", description="Serve a mock authorization server.")
    parser.add_argument("--host", default=DEFAULT_HOST, help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", default=DEFAULT_PORT, type=_port, help="0: the system chooses (default: %(default)s)")
    options = parser.parse_args(arguments)
    server = development_server(host=options.host, port=options.port)
    try:
        server.bind()
    except ListenerError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - a command line
        return 2
    stop = stop_on_signals()
    try:
        tenant = default_tenant(server)
        server.start()
        if server.control_token is not None:
            print(f"control token: {server.control_token}")  # noqa: T201
        print(f"oauth-gauntlet serves {tenant.issuer}", flush=True)  # noqa: T201
        while not stop.wait(0.5):  # with a limit: on Windows a wait without one is not interrupted by a signal
            pass
    finally:
        server.stop()
    return 0


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"expected a number from 0 to 65535, got {text!r}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
