"""The table of a tenant's endpoints: each name, its path, its URL's name, and what kind of request it takes.

Everything that must know an endpoint derives from this table: routing, a tenant's URLs, the URLs at a port, the filter
of the journal, the triggers of faults, and the lists in the control API and the console. A new endpoint needs one entry
here, a handler in `application`, and for the type checker an attribute of `Tenant` and `TenantURLs`.
"""

from __future__ import annotations

from dataclasses import dataclass

from oauth_gauntlet_server.http.base_url import origin_and_path


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """One endpoint. `name` is its name in the journal, in triggers and in `Port.url_of`.

    `path` is the path below the tenant, and `url_name` the attribute of `Tenant` that contains its URL. Both are None for
    a name that only classifies exchanges. `inserted`: the URL has the path before the tenant's name (RFC 8414 §3.1); below
    the tenant it works too. `takes_form`: requests have a form body. `fault_target`: a fault can fire there. `methods`
    are those that a page of another origin may use (CORS); without any, the endpoint is not for pages of other origins.
    """

    name: str
    path: str | None = None
    url_name: str | None = None
    inserted: bool = False
    takes_form: bool = False
    fault_target: bool = True
    methods: tuple[str, ...] = ()

    @property
    def segment(self) -> str:
        """The first segment of the path; empty if there is no path."""
        return (self.path or "").partition("/")[0]

    def url(self, base_url: str, tenant: str) -> str:
        """Return the URL of a tenant's endpoint on a server."""
        if not self.inserted:
            return f"{base_url}/{tenant}/{self.path}"
        origin, path = origin_and_path(base_url)
        return f"{origin}/{self.path}{path}/{tenant}"


_READ = ("GET", "HEAD")
_SEND = ("POST",)
ANY_METHOD = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

TOKEN = Endpoint(name="token", path="token", url_name="token_url", takes_form=True, methods=_SEND)
INTROSPECT = Endpoint(name="introspect", path="introspect", url_name="introspection_url", takes_form=True, methods=_SEND)
REVOKE = Endpoint(name="revoke", path="revoke", url_name="revocation_url", takes_form=True, methods=_SEND)
RESOURCE = Endpoint(name="resource", path="resource", url_name="resource_url", methods=ANY_METHOD)
SCIM = Endpoint(name="scim", path="scim/v2", url_name="scim_url", methods=ANY_METHOD)
JWKS = Endpoint(name="jwks", path="jwks", url_name="jwks_uri", methods=_READ)
METADATA = Endpoint(
    name="metadata",
    path=".well-known/oauth-authorization-server",
    url_name="metadata_url",
    inserted=True,
    methods=_READ,
)
OPENID_CONFIGURATION = ".well-known/openid-configuration"
"""The second path of the metadata, for clients that know OpenID Connect Discovery (RFC 8414 §5)."""
# Requests by which a browser asks whether a page of another origin may send its request (CORS preflights).
PREFLIGHT = Endpoint(name="preflight", fault_target=False)
# Requests at the second origin, which never applies a fault.
OTHER_ORIGIN = Endpoint(name="other_origin", fault_target=False)
# Requests that are for none of a tenant's endpoints, or for no tenant.
OTHER = Endpoint(name="other", methods=ANY_METHOD)
# Octets that are no request: the parser refused them. They belong to no tenant.
MALFORMED = Endpoint(name="malformed", fault_target=False)

ENDPOINTS = (TOKEN, INTROSPECT, REVOKE, RESOURCE, SCIM, JWKS, METADATA, PREFLIGHT, OTHER_ORIGIN, OTHER, MALFORMED)

CONTROL = "/_control"
CONSOLE = "/_console"
HEALTH = "/health"
"""The server's own paths, next to the tenants'. The first two have more paths below them."""

BY_NAME = {endpoint.name: endpoint for endpoint in ENDPOINTS}

BY_URL_NAME = {endpoint.url_name: endpoint for endpoint in ENDPOINTS if endpoint.url_name is not None}

_BY_SEGMENT = {endpoint.segment: endpoint for endpoint in ENDPOINTS if endpoint.path is not None}


def endpoint_at(segment: str) -> Endpoint:
    """Return the endpoint that a path segment after the tenant's name leads to; `OTHER` if there is none."""
    return _BY_SEGMENT.get(segment, OTHER)


def takes_form(name: str) -> bool:
    """Return whether requests to the endpoint of that name have a form body."""
    return name in _TAKE_FORM


_TAKE_FORM = frozenset(endpoint.name for endpoint in ENDPOINTS if endpoint.takes_form)
