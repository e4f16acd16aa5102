"""The one page of the console, as text. It holds no data: what there is to see comes from the control API."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from oauth_gauntlet_server.control.exchange_operations import FORMATS
from oauth_gauntlet_server.http.endpoints import ENDPOINTS
from oauth_gauntlet_server.tenancy.model import GRANT_TYPES, JWT_BEARER

_COPIES = {
    "curl": "The request as a curl command",
    "python": "The request as a Python script (httpx2)",
    "pytest": "A test of your own client, with the fault that fired",
    "scenario": "A scenario of oauth-gauntlet, with the fault that fired",
}


@cache
def page(*, asks_for_token: bool) -> str:
    """Return the page; `asks_for_token`: it begins by asking for the control token."""
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
        copies=[(name, _COPIES[name]) for name in FORMATS],
    )
