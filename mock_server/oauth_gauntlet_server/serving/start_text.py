"""What ``serve`` says at its start: as text for people, and as members of a JSON object for programs."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from oauth_gauntlet_server.application.health import server_version
from oauth_gauntlet_server.http.endpoints import CONSOLE, CONTROL
from oauth_gauntlet_server.listening.certificates import trust_variables
from oauth_gauntlet_server.listening.port import Port
from oauth_gauntlet_server.serve import Hint
from oauth_gauntlet_server.server import MockServer
from oauth_gauntlet_server.tenancy.description import tenant_described
from oauth_gauntlet_server.tenancy.tenant import Tenant
from oauth_gauntlet_server.tenancy.tenant_urls import TenantURLs

_URLS = {
    "token": "token_url",
    "metadata": "metadata_url",
    "jwks": "jwks_uri",
    "introspection": "introspection_url",
    "revocation": "revocation_url",
    "resource": "resource_url",
}

_WIDTH = 15


def start_text(
    server: MockServer,
    tenants: Sequence[Tenant],
    *,
    here: str,
    command: str,
    examples: Iterable[Hint] = (),
    ports: Iterable[str] = (),
    control_token: str | None = None,
    ca_file: Path | None = None,
    scim: bool = False,
) -> str:
    """Return the lines that tell people what there is.

    `here` is the base URL for programs on this machine. `command` gets a token. `examples` are more commands. `ports` are
    the lines of further ports. `control_token` is shown; None if there is none, or the user has set it.
    """
    lines = [f"oauth-gauntlet {server_version()} serves {here}"]
    if len(tenants) == 1:
        urls = {**_URLS, **({"scim": "scim_url"} if scim else {})}
        lines += [_line(name, getattr(TenantURLs.below(here, tenants[0].name), attribute)) for name, attribute in urls.items()]
    if server.tenants.naming.public_url is not None:
        lines.append(_line("public URL", f"{server.base_url}  (in issuers and in all other URLs of answers)"))
    lines += [_line("console", _console(server, here)), _line("control API", f"{here}{CONTROL}/openapi.json")]
    if control_token is not None:
        lines.append(_line("control token", control_token))
    if ca_file is not None:
        lines.append(_line("authority", f"{ca_file}  (until the server stops)"))
    lines += [_tenant_line(each, here, scim=scim and len(tenants) > 1) for each in tenants]
    if server.tenants.auto_create:
        lines.append("any other name in place of the tenant's creates that tenant on first use (lenient)")
    lines += ports
    if ca_file is not None:
        lines += ["", "# programs that this shell starts trust this authority, and (except Node) no other"]
        lines.append(
            f"export {' '.join(shlex.quote(f'{name}={path}') for name, path in trust_variables(str(ca_file)).items())}"
        )
    lines += ["", command]
    given = tuple(examples)
    for each in given:
        lines += ["", f"# {each.title}", each.command]
    more = "" if given else "--examples prints a command for each grant. "
    return "\n".join([*lines, "", f"{more}Ctrl-C stops the server."])


def start_members(
    server: MockServer,
    tenants: Iterable[Tenant],
    *,
    here: str,
    ports: Iterable[Port],
    control_token: str | None,
    ca_file: Path | None,
) -> dict[str, Any]:
    """Return the same for programs."""
    return {
        "version": server_version(),
        "base_url": here,
        "public_url": server.tenants.naming.public_url,
        "console": _console(server, here),
        "control_api": f"{here}{CONTROL}/openapi.json",
        "control_token": control_token,
        "ca_file": None if ca_file is None else str(ca_file),
        "auto_create": server.tenants.auto_create,
        "tenants": [
            {
                "name": each.name,
                "strict": each.settings.strict,
                "token_url": urls.token_url,
                "metadata_url": urls.metadata_url,
            }
            for each in tenants
            for urls in (TenantURLs.below(here, each.name),)
        ],
        "ports": [each.url for each in ports],
    }


def _line(name: str, value: str) -> str:
    return f"  {name:<{_WIDTH}}{value}"


def _console(server: MockServer, here: str) -> str:
    return f"{server.tenants.naming.browser_url or here}{CONSOLE}"


def _tenant_line(tenant: Tenant, here: str, *, scim: bool) -> str:
    urls = TenantURLs.below(here, tenant.name)
    place = f"  {urls.scim_url}" if scim else ""
    return f"tenant {tenant.name}: {tenant_described(tenant)}  {urls.token_url}{place}"
