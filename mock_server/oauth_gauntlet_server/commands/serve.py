"""``serve``: run the mock server, for local development."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from oauth_gauntlet_server import ListenerError, MockServer, TLSUnavailable
from oauth_gauntlet_server.application.scim import MISSING, is_available
from oauth_gauntlet_server.commands.errors import UsageError
from oauth_gauntlet_server.commands.naming_options import certificate_of, naming_of
from oauth_gauntlet_server.commands.own_faults import FAULTS_HELP, load_faults
from oauth_gauntlet_server.commands.program import WithNamedErrors
from oauth_gauntlet_server.config.configuration import Configuration
from oauth_gauntlet_server.config.live_configuration import LiveConfiguration
from oauth_gauntlet_server.jose.key_folder import KeyFileError
from oauth_gauntlet_server.listening.certificates import IssuedCertificate
from oauth_gauntlet_server.listening.own_certificate import names_in
from oauth_gauntlet_server.serve import (
    DEFAULT_HOST,
    DEFAULT_PORT,
    default_tenant,
    development_server,
    hints,
    local_access,
    token_command,
)
from oauth_gauntlet_server.serving.life import DEFAULT_GRACE_S, NotReloaded, live
from oauth_gauntlet_server.serving.log import Log, Style
from oauth_gauntlet_server.serving.output import standard_output
from oauth_gauntlet_server.serving.request_lines import heading
from oauth_gauntlet_server.serving.signals import Signals
from oauth_gauntlet_server.serving.start_text import start_members, start_text
from oauth_gauntlet_server.tenancy.memory import DEFAULT_MEMORY, MIB
from oauth_gauntlet_server.tenancy.tenant import Tenant
from oauth_gauntlet_server.tenancy.tenant_urls import TenantURLs
from oauth_gauntlet_server.vendors import profile_names

LIKE_HELP = f"be like a vendor's server, also at the paths that it has (docs/vendors.md): {', '.join(profile_names())}"

VARIABLES = "OAUTH_GAUNTLET"
"""The start of the environment variable of each option: ``--port`` is OAUTH_GAUNTLET_PORT."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServeOptions:
    """The options of ``serve``; a field of None is not given, and the file or the default applies."""

    host: str | None
    port: int | None
    config: Path | None
    faults: tuple[str, ...]
    check: bool
    like: str | None
    scim: bool
    keys: Path | None
    memory: int | None
    tls: bool
    cert: Path | None
    key: Path | None
    san: tuple[str, ...]
    browser_url: str | None
    public_url: str | None
    trust_proxy: bool
    auto_create: bool | None
    control_token: str | None
    quiet: bool
    log: str
    examples: bool
    grace: float


class _Option(click.Option):
    """An option whose errors name the environment variable, if the value came from there."""

    def get_error_hint(self, ctx: click.Context | None) -> str:
        """Return what an error calls the option."""
        hint, name = super().get_error_hint(ctx), self.name or ""
        if ctx is not None and ctx.get_parameter_source(name) is ParameterSource.ENVIRONMENT:
            return f"{hint} (environment variable {ctx.auto_envvar_prefix}_{name.upper()})"
        return hint


_option = partial(click.option, cls=_Option)


@click.command(
    cls=WithNamedErrors,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": 110,
        "auto_envvar_prefix": VARIABLES,
    },
    epilog=f"Each option has an environment variable: --port is {VARIABLES}_PORT, --no-auto-create is "
    f"{VARIABLES}_AUTO_CREATE=false. The command line takes precedence.",
)
@_option("--host", show_default=DEFAULT_HOST, help="address to listen on; 0.0.0.0: all of this machine")
@_option("--port", show_default=str(DEFAULT_PORT), type=click.IntRange(0, 65535), help="0: the system chooses")
@_option(
    "--config",
    type=click.Path(path_type=Path),
    help="TOML file with tenants (see docs/control-api.md); SIGHUP reads it again",
)
@_option("--faults", metavar="MODULE", multiple=True, help=FAULTS_HELP)
@_option("--check", is_flag=True, help="only check the file: print what it describes, or what is wrong in it")
@_option("--like", type=click.Choice(profile_names()), metavar="VENDOR", help=LIKE_HELP)
@_option("--scim", is_flag=True, help="print the URLs of the SCIM 2.0 service provider (needs the extra scim)")
@_option("--keys", type=click.Path(path_type=Path), metavar="FOLDER", help="keep the signing keys in this folder")
@_option(
    "--memory",
    metavar="MIB",
    show_default="256",
    type=click.IntRange(1, 2**20),
    help="memory of all tenants together: journals, tokens, settings; shown at /_control/memory",
)
@_option("--tls", is_flag=True, help="serve https, with a certificate of a test authority that is created at the start")
@_option("--cert", type=click.Path(path_type=Path), help="serve https with this certificate (PEM, own one first)")
@_option("--key", type=click.Path(path_type=Path), help="the private key of --cert (PEM, not encrypted)")
@_option("--san", metavar="NAME", multiple=True, help="a further name or address in the certificate of --tls")
@_option("--browser-url", metavar="URL", help="where a browser reaches the server, if that is not the public URL")
@_option("--public-url", metavar="URL", help="start of all URLs and issuers; by default what each request names")
@_option("--trust-proxy", is_flag=True, help="take host, scheme and prefix from Forwarded and X-Forwarded-*")
@_option(
    "--auto-create/--no-auto-create",
    default=None,
    help="create a lenient tenant on first use of its name (default: yes, unless the file names tenants)",
)
@_option("--control-token", metavar="TOKEN", help="the control API and the console require it (default: see the docs)")
@_option("-q", "--quiet", is_flag=True, help="print no line for a request")
@_option(
    "--log",
    type=click.Choice([str(style) for style in Style]),
    default=str(Style.TEXT),
    show_default=True,
    help="print text, or one JSON object on each line",
)
@_option("--examples", is_flag=True, help="print a command for each grant and for each use of a token")
@_option(
    "--grace",
    type=click.FloatRange(0, 3600),
    default=DEFAULT_GRACE_S,
    show_default=True,
    metavar="SECONDS",
    help="how long requests in flight may take when the server ends",
)
def serve(**given: Any) -> int:
    """Serve a mock authorization server until Ctrl-C. It grants every well-formed request, and fails on demand."""
    options = ServeOptions(**given)
    load_faults(options.faults)
    configuration = _configuration(options.config)
    host = options.host or configuration.host or DEFAULT_HOST
    port = next(each for each in (options.port, configuration.port, DEFAULT_PORT) if each is not None)
    naming = naming_of(browser_url=options.browser_url, public_url=options.public_url, trust_proxy=options.trust_proxy)
    certificate = certificate_of(host, tls=options.tls, cert=options.cert, key=options.key, names=options.san)
    if options.check:
        return _check(options.config, configuration, host=host, port=port)
    if options.scim and not is_available():
        raise UsageError(f"--scim: {MISSING}")
    log = Log(standard_output(), style=Style(options.log), quiet=options.quiet)
    memory_mib = options.memory or configuration.memory_mib
    try:
        server = development_server(
            host=host,
            port=port,
            tls=certificate or False,
            auto_create=_auto_create(options, configuration),
            control_hosts=(*configuration.control_hosts, *options.san),
            naming=naming,
            control_token=options.control_token,
            keys=options.keys or configuration.keys,
            like=options.like,
            memory=DEFAULT_MEMORY if memory_mib is None else memory_mib * MIB,
            observer=log,
        )
    except KeyFileError as error:
        raise UsageError(f"--keys: {error}") from error
    try:
        server.bind()
        signals = Signals(reloads=options.config is not None)
        configured = LiveConfiguration(server.tenants)
        # All tenants before the first request: one that came before would create a tenant in place of a configured one.
        tenants = configured.create_tenants(configuration) or (default_tenant(server),)
        ports = configured.open_ports()
        port_lines = [f"port {each.url}  ({of.describe()})" for each, of in zip(ports, configuration.ports, strict=True)]
        _print_start(server, tenants, options, log, port_lines, certificate)
        server.start()
        live(server, log=log, signals=signals, grace_s=options.grace, reload=_reload(options, server, configured))
    except (ListenerError, TLSUnavailable) as error:
        raise UsageError(str(error)) from error
    finally:
        server.stop()
        log.close()
    return 0


def _check(path: Path | None, configuration: Configuration, *, host: str, port: int) -> int:
    if path is None:
        raise UsageError("--check checks a configuration file; name it with --config FILE.toml")
    click.echo(f"{path} is valid: the server listens on {host} port {port}")
    for line in (*(each.describe() for each in configuration.tenants), *(each.describe() for each in configuration.ports)):
        click.echo(f"  {line}")
    return 0


def _auto_create(options: ServeOptions, configuration: Configuration) -> bool:
    return configuration.auto_create if options.auto_create is None else options.auto_create


def _reload(options: ServeOptions, server: MockServer, configured: LiveConfiguration) -> Callable[[], tuple[str, ...]]:
    def reload() -> tuple[str, ...]:
        try:
            configuration = _configuration(options.config)
        except UsageError as error:
            raise NotReloaded(str(error)) from error
        server.tenants.auto_create = _auto_create(options, configuration)
        return configured.change_to(configuration)

    return reload


def _configuration(path: Path | None) -> Configuration:
    if path is None:
        return Configuration(auto_create=True)
    from oauth_gauntlet_server.config.config_file import ConfigFileError, load

    try:
        return load(path)
    except ConfigFileError as error:
        raise UsageError(str(error)) from error


def _print_start(
    server: MockServer,
    tenants: tuple[Tenant, ...],
    options: ServeOptions,
    log: Log,
    port_lines: list[str],
    certificate: IssuedCertificate | None,
) -> None:
    ca_file = server.ca_file if options.tls else None
    own_names = names_in(certificate) if certificate is not None and options.cert is not None else ()
    here = local_access(server, ca_file=options.cert or ca_file, names=own_names)
    urls = TenantURLs.below(here.url, tenants[0].name)
    # A token that the user has chosen is known to them, and need not be in a log.
    shown_token = None if options.control_token else server.control_token
    text = start_text(
        server,
        tenants,
        here=here.url,
        command=token_command(tenants[0], urls=urls, curl=here.curl),
        examples=hints(tenants[0], urls=urls, curl=here.curl, scim=options.scim) if options.examples else (),
        ports=port_lines,
        control_token=shown_token,
        ca_file=ca_file,
        scim=options.scim,
    )
    if not options.quiet:
        text = f"{text}\n\n{heading()}"
    members = start_members(server, tenants, here=here.url, ports=server.ports, control_token=shown_token, ca_file=ca_file)
    log.start(text, **members)
