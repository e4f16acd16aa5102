"""``serve``: the mock server, for local development."""

from __future__ import annotations

import shlex
import signal
import threading
from types import FrameType

import click

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet_server.certificates import TLSUnavailable, trust_variables
from oauth_gauntlet_server.listener import ListenerError
from oauth_gauntlet_server.serve import default_tenant, development_server, hints


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="address to listen on")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="0: the system chooses")
@click.option("--tls", is_flag=True, help="https, with a certificate of a test authority that is made at the start")
def serve(host: str, port: int, tls: bool) -> int:
    """Serve a fake authorization server until Ctrl-C; it grants whatever is well-formed, and fails on demand."""
    server = development_server(host=host, port=port, tls=tls)
    try:
        server.start()
    except (ListenerError, TLSUnavailable) as error:
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
        ca_file = server.ca_file if tls else None
        if ca_file is not None:
            click.echo(f"  {'authority':<14}{ca_file}  (until the server stops)")
            click.echo("\n# what this shell starts is to trust that authority, and (but for Node) no other")
            click.echo(f"export {' '.join(map(shlex.quote, _assignments(str(ca_file))))}")
        for hint in hints(tenant, ca_file=ca_file):
            click.echo(f"\n# {hint.title}\n{hint.command}")
        click.echo("\nCtrl-C stops it.")
        while not stop.wait(0.5):
            pass
    finally:
        server.stop()
    click.echo("stopped")
    return 0


def _assignments(ca_file: str) -> list[str]:
    return [f"{name}={path}" for name, path in trust_variables(ca_file).items()]
