"""The URLs of a tenant under one name of its server."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

from oauth_gauntlet_server.http.endpoints import BY_URL_NAME, METADATA
from oauth_gauntlet_server.tenancy.tenant_paths import first_path
from oauth_gauntlet_server.tenancy.tenant_settings import Paths


@dataclass(frozen=True, kw_only=True, slots=True)
class TenantURLs:
    """The issuer identifier of a tenant and the URLs of its endpoints, all below one base URL.

    A tenant that takes its base URL from requests has other URLs for each of its names. They come with the request, as a
    value, to everything that names the tenant: metadata, tokens, introspection, the accepted audiences of assertions.
    `browser_base_url` is the base URL for what a person opens in a browser; it is the same unless the server has another.
    """

    base_url: str
    browser_base_url: str
    issuer: str
    token_url: str
    introspection_url: str
    revocation_url: str
    resource_url: str
    scim_url: str
    jwks_uri: str
    metadata_url: str

    @classmethod
    def below(cls, base_url: str, tenant: str, *, browser_url: str | None = None, paths: Paths = MappingProxyType({})) -> Self:
        """Return the URLs of the tenant of that name below a base URL.

        An endpoint that `paths` (see `TenantSettings`) gives another path has its URL there; the metadata have their own.
        """
        urls = {url_name: endpoint.url(base_url, tenant) for url_name, endpoint in BY_URL_NAME.items()}
        for url_name, endpoint in BY_URL_NAME.items():
            path = None if endpoint is METADATA else first_path(paths.get(endpoint.name, ()))
            if path is not None:
                urls[url_name] = f"{base_url}/{tenant}/{path}"
        return cls(base_url=base_url, browser_base_url=browser_url or base_url, issuer=f"{base_url}/{tenant}", **urls)
