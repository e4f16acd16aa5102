"""``serve``: the mock server, for local development."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import click

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet_server.listener import ListenerError
from oauth_gauntlet_server.serve import default_tenant, development_server, hints


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="address to listen on")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="0: the system chooses")
def serve(host: str, port: int) -> int:
    """Serve a fake authorization server until Ctrl-C; it grants whatever is well-formed, and fails on demand."""
    server = development_server(host=host, port=port)
    try:
        server.start()
    except ListenerError as error:
        raise UsageError(str(error)) from error
    stop = threading.Event()

    def ask_to_stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - signal's signature
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask_to_stop)
    try:
        tenant = default_tenant(server)
        click.echo(f"oauth-gauntlet serves {tenant.issuer}  (any other name in place of 'default' works too)\n")
        for name, url in (
            ("token", tenant.token_url),
            ("metadata", tenant.metadata_url),
            ("jwks", tenant.jwks_uri),
            ("introspection", tenant.introspection_url),
            ("revocation", tenant.revocation_url),
            ("resource", tenant.resource_url),
        ):
            click.echo(f"  {name:<14}{url}")
        for hint in hints(tenant):
            click.echo(f"\n# {hint.title}\n{hint.command}")
        click.echo("\nCtrl-C stops it.")
        while not stop.wait(0.5):
            pass
    finally:
        server.stop()
    click.echo("stopped")
    return 0
