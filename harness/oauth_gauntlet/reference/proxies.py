"""The proxies of the environment: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, in lower case or upper case."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined] # typeshed lacks it

from oauth_gauntlet.reference.errors import configuration_error


@dataclass(frozen=True, kw_only=True, slots=True)
class Proxy:
    """A proxy: its URL without user information, and the credentials that it gets. Its string form contains no password."""

    url: str
    credentials: tuple[str, str] | None = field(default=None, repr=False)


class Proxies:
    """The proxies that the environment names at this moment. Each decision is a separate method."""

    def __init__(self) -> None:
        self.variables = getproxies_environment()

    def proxy_for(self, scheme: str, host: str, port: int) -> Proxy | None:
        """Return the proxy for a target, or None if the request goes to the server itself.

        Raises:
            ClientFailure: kind config; the URL of the proxy is unusable. The text does not contain it.
        """
        url = self.variables.get(scheme) or self.variables.get("all")
        if not url or self.is_excluded(host, port):
            return None
        parts = urlsplit(url if "://" in url else f"http://{url}")
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise configuration_error(f"the proxy of the environment for {scheme}: expected an http URL")
        shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        return Proxy(url=shown, credentials=self.credentials(parts.username, parts.password))

    def is_excluded(self, host: str, port: int) -> bool:
        """Return whether NO_PROXY names a host, with or without its port."""
        return any(bool(proxy_bypass_environment(each, self.variables)) for each in (host, f"{host}:{port}"))

    def credentials(self, user: str | None, password: str | None) -> tuple[str, str] | None:
        """Return the credentials in the URL of a proxy, percent-decoded (RFC 3986 §3.2.1)."""
        return None if user is None else (unquote(user), unquote(password or ""))
