"""``serve``: run the mock server, for local development."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from oauth_gauntlet_server import ListenerError, Tenant, TLSUnavailable, trust_variables
from oauth_gauntlet_server.application.scim import MISSING, is_available
from oauth_gauntlet_server.commands.errors import UsageError
from oauth_gauntlet_server.commands.own_faults import FAULTS_HELP, load_faults
from oauth_gauntlet_server.commands.program import WithNamedErrors
from oauth_gauntlet_server.config.configuration import Configuration
from oauth_gauntlet_server.console import PREFIX as CONSOLE
from oauth_gauntlet_server.jose.key_folder import KeyFileError
from oauth_gauntlet_server.serve import (
    DEFAULT_HOST,
    DEFAULT_PORT,
    default_tenant,
    development_server,
    hints,
    stop_on_signals,
)
from oauth_gauntlet_server.tenancy.memory import DEFAULT_MEMORY, MIB
from oauth_gauntlet_server.vendors import profile_names

LIKE_HELP = f"be like a vendor's server, also at the paths that it has (docs/vendors.md): {', '.join(profile_names())}"


@click.command(cls=WithNamedErrors, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--host", show_default=DEFAULT_HOST, help="address to listen on")
@click.option("--port", show_default=str(DEFAULT_PORT), type=click.IntRange(0, 65535), help="0: the system chooses")
@click.option("--config", type=click.Path(path_type=Path), help="TOML file with tenants (see docs/control-api.md)")
@click.option("--faults", "own_faults", metavar="MODULE", multiple=True, help=FAULTS_HELP)
@click.option("--check", is_flag=True, help="only check the file: print what it describes, or what is wrong in it")
@click.option("--like", type=click.Choice(profile_names()), metavar="VENDOR", help=LIKE_HELP)
@click.option("--scim", is_flag=True, help="print the URLs of the SCIM 2.0 service provider (needs the extra scim)")
@click.option("--keys", type=click.Path(path_type=Path), metavar="FOLDER", help="keep the signing keys in this folder")
@click.option(
    "--memory",
    "memory_mib",
    metavar="MIB",
    show_default="256",
    type=click.IntRange(1, 2**20),
    help="memory of all tenants together: journals, tokens, settings; shown at /_control/memory",
)
@click.option("--tls", is_flag=True, help="serve https, with a certificate of a test authority that is created at the start")
def serve(
    host: str | None,
    port: int | None,
    config: Path | None,
    own_faults: tuple[str, ...],
    check: bool,
    like: str | None,
    scim: bool,
    memory_mib: int | None,
    tls: bool,
    keys: Path | None,
) -> int:
    """Serve a mock authorization server until Ctrl-C. It grants every well-formed request, and fails on demand."""
    load_faults(own_faults)
    configuration = _configuration(config)
    host = host or configuration.host or DEFAULT_HOST
    port = next(each for each in (port, configuration.port, DEFAULT_PORT) if each is not None)
    if check:
        if config is None:
            raise UsageError("--check checks a configuration file; name it with --config FILE.toml")
        click.echo(f"{config} is valid: the server listens on {host} port {port}")
        for described in configuration.tenants:
            click.echo(f"  {described.describe()}")
        for port_described in configuration.ports:
            click.echo(f"  {port_described.describe()}")
        return 0
    if scim and not is_available():
        raise UsageError(f"--scim: {MISSING}")
    memory_mib = memory_mib or configuration.memory_mib
    try:
        server = development_server(
            host=host,
            port=port,
            tls=tls,
            auto_create=configuration.auto_create,
            control_hosts=configuration.control_hosts,
            keys=keys or configuration.keys,
            like=like,
            memory=DEFAULT_MEMORY if memory_mib is None else memory_mib * MIB,
        )
    except KeyFileError as error:
        raise UsageError(f"--keys: {error}") from error
    try:
        server.bind()
    except (ListenerError, TLSUnavailable) as error:
        raise UsageError(str(error)) from error
    stop = stop_on_signals()
    try:
        click.echo(f"console: {server.base_url}{CONSOLE}")
        if server.control_token is not None:
            click.echo(f"control token: {server.control_token}")
        click.echo()
        for described in configuration.tenants:
            created = described.create(server.tenants)
            click.echo(f"oauth-gauntlet serves {created.token_url}  ({described.describe()})")
            if scim:
                click.echo(f"  {'scim':<14}{created.scim_url}")
        if not configuration.tenants:
            _print_tenant(
                default_tenant(server),
                auto_create=configuration.auto_create,
                ca_file=server.ca_file if tls else None,
                scim=scim,
            )
        # Not before: a request that came first would create a tenant of its own in place of a configured one.
        server.start()
        for each in configuration.ports:
            try:
                opened = server.open_port(each.fault, tls=each.tls, port=each.port)
            except (ListenerError, TLSUnavailable) as error:
                raise UsageError(str(error)) from error
            click.echo(f"\n{opened.url}  ({each.describe()})")
        if tls and configuration.tenants:
            _print_authority(server.ca_file)
        click.echo(f"\ncontrol API: {server.base_url}/_control/openapi.json\nCtrl-C stops it.")
        while not stop.wait(0.5):
            pass
    finally:
        server.stop()
    click.echo("stopped")
    return 0


def _assignments(ca_file: str) -> list[str]:
    return [f"{name}={path}" for name, path in trust_variables(ca_file).items()]


def _configuration(path: Path | None) -> Configuration:
    if path is None:
        return Configuration(auto_create=True)
    from oauth_gauntlet_server.config.config_file import ConfigFileError, load

    try:
        return load(path)
    except ConfigFileError as error:
        raise UsageError(str(error)) from error


def _print_authority(ca_file: Path) -> None:
    click.echo(f"  {'authority':<14}{ca_file}  (until the server stops)")
    click.echo("\n# programs that this shell starts trust this authority, and (except Node) no other")
    click.echo(f"export {' '.join(map(shlex.quote, _assignments(str(ca_file))))}")


def _print_tenant(tenant: Tenant, *, auto_create: bool, ca_file: Path | None = None, scim: bool = False) -> None:
    others = "  (any other name instead of 'default' creates that tenant on first use)" if auto_create else ""
    click.echo(f"oauth-gauntlet serves {tenant.issuer}{others}\n")
    for name, url in (
        ("token", tenant.token_url),
        ("metadata", tenant.metadata_url),
        ("jwks", tenant.jwks_uri),
        ("introspection", tenant.introspection_url),
        ("revocation", tenant.revocation_url),
        ("resource", tenant.resource_url),
        *((("scim", tenant.scim_url),) if scim else ()),
    ):
        click.echo(f"  {name:<14}{url}")
    if ca_file is not None:
        _print_authority(ca_file)
    for hint in hints(tenant, ca_file=ca_file, scim=scim):
        click.echo(f"\n# {hint.title}\n{hint.command}")
