"""How a server is named in the URLs that it publishes."""

from __future__ import annotations

from dataclasses import dataclass

from oauth_gauntlet_server.http.base_url import BaseURLSource, checked_base_url, host_name, origin_and_path
from oauth_gauntlet_server.http.http_request import RecordedRequest


@dataclass(frozen=True, kw_only=True, slots=True)
class Naming:
    """What decides the base URL of the tenants, and so their issuer identifiers and the URLs of their endpoints.

    `source`: the server's own address, the request's Host, or what a reverse proxy says. `public_url` is the base URL in
    place of the server's own address; its path may be there in requests, or a proxy may have removed it. `browser_url` is
    the base URL at which a person's browser reaches the same server, where that differs.

    Raises:
        BaseURLError: one of the URLs is no base URL.
        ValueError: there is a `public_url`, and yet `source` is the request.
    """

    source: BaseURLSource = BaseURLSource.SERVER
    public_url: str | None = None
    browser_url: str | None = None

    def __post_init__(self) -> None:
        for name in ("public_url", "browser_url"):
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, checked_base_url(value))
        if self.public_url is not None and self.source is not BaseURLSource.SERVER:
            raise ValueError("with a public_url the URLs do not depend on requests; leave one of the two out")

    def base_url(self, request: RecordedRequest, *, scheme: str, mount: str = "") -> str | None:
        """Return the base URL that a request names; None: the tenant's own applies (see `BaseURLSource.base_url`)."""
        return self.source.base_url(request, scheme=scheme, mount=mount)

    @property
    def path(self) -> str:
        """The path of the public URL, empty if there is none."""
        return origin_and_path(self.public_url)[1] if self.public_url else ""

    @property
    def urls(self) -> tuple[str, ...]:
        """The URLs that the user of the server gave to it."""
        return tuple(url for url in (self.public_url, self.browser_url) if url is not None)

    @property
    def hosts(self) -> frozenset[str]:
        """The host names in these URLs, without brackets."""
        return frozenset(host_name(url).strip("[]") for url in self.urls)

    @property
    def origins(self) -> frozenset[str]:
        """The origins of these URLs."""
        return frozenset(origin_and_path(url)[0] for url in self.urls)
