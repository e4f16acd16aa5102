"""Render the console's page. It contains no data of tenants: the page's scripts read that from the control API."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from oauth_gauntlet_server.control.exchange_operations import FORMATS
from oauth_gauntlet_server.http.endpoints import ENDPOINTS
from oauth_gauntlet_server.tenancy.model import GRANT_TYPES, JWT_BEARER

_SNIPPETS = {
    "curl": "Copy the request as a curl command",
    "python": "Copy the request as a Python script (httpx2)",
    "pytest": "Copy a pytest test of your own client that arms the fault",
    "scenario": "Copy a scenario of oauth-gauntlet that arms the fault",
}


@cache
def page(*, asks_for_token: bool) -> str:
    """Return the page as HTML; with `asks_for_token` it first asks the user for the control token."""
    environment = Environment(
        loader=PackageLoader("oauth_gauntlet_server.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("console.html.j2").render(
        asks_for_token=asks_for_token,
        endpoints=[endpoint.name for endpoint in ENDPOINTS],
        fault_targets=[endpoint.name for endpoint in ENDPOINTS if endpoint.fault_target],
        grants=[(grant, "jwt-bearer" if grant == JWT_BEARER else grant) for grant in sorted(GRANT_TYPES)],
        snippets=[(name, _SNIPPETS[name]) for name in FORMATS],
    )
