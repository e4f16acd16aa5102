"""Check whether a request may use the control API and the console.

The control API can read every token and change every response, so only the person who started the server may use it.
The danger is a malicious web page in a developer's browser: a page can send requests to loopback addresses, and DNS
rebinding makes them same-origin for the browser. Three checks stop it:

* The Host header must name this server. A page that uses DNS rebinding sends its own host name there.
* Origin and Sec-Fetch-Site must not name another origin. Another port of localhost is the same site, but another origin; a
  request without Origin, for an image for instance, could keep a journal stream there.
* A request that changes something must be JSON. An HTML form cannot send that, and a script needs a CORS preflight first,
  which is never granted.

A server that listens on more than loopback has a control token, which a request must contain. Without a control token,
only requests from this machine are accepted.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
from dataclasses import dataclass

from oauth_gauntlet_server.control.problem import Problem
from oauth_gauntlet_server.http.http_request import RecordedRequest

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::[0-9]*)?")

_CHANGES = frozenset({"POST", "PUT", "PATCH"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """The rules that decide which requests are accepted.

    `bound` is the address that the server listens on. `hosts` are further host names of the server (in a network of
    containers, for example). `origins` are those of its public URLs: behind a proxy, a page of the console names another
    origin than the request's own. Without a `token`, only peers on loopback are accepted.

    What a proxy says about the client's request (X-Forwarded-Host, for example) never counts here: a page can send it.
    """

    bound: str = "127.0.0.1"
    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    token: str | None = None

    def check(self, request: RecordedRequest, *, scheme: str, peer: str, with_token: bool = True) -> None:
        """Raise a problem unless the request is accepted; `peer` is the address of its sender.

        `with_token=False` is for responses that contain no secret, such as the page that asks the user for the token.

        Raises:
            Problem: 400 without exactly one Host header; 401 without the control token; 403 for another host, site,
                origin or machine.
        """
        hosts = request.header_values("host")
        if len(hosts) != 1:
            raise Problem(400, f"expected exactly one Host header, got {len(hosts)}")
        if not self._serves(hosts[0]):
            found = f"the Host header is {hosts[0][:80]!r}, expected {self._names()}"
            raise Problem(403, f"{found}; further names are set by --public-url, --browser-url or control_hosts")
        site = request.header("sec-fetch-site")
        # The console's page holds no place and no secret: a link on a page at another port may lead to it.
        if site not in {None, "same-origin", "none"} and (with_token or site != "same-site"):
            raise Problem(403, f"the control API rejects requests from other origins (Sec-Fetch-Site: {site[:40]})")
        for origin in request.header_values("origin"):
            if origin.lower() not in {each.lower() for each in (f"{scheme}://{hosts[0]}", *self.origins)}:
                raise Problem(403, f"the control API rejects requests from other origins (Origin: {origin[:80]})")
        if self.token is None:
            if not is_loopback(peer):
                raise Problem(403, "without a control token, the control API accepts requests from this machine only")
        elif with_token:
            self._authenticate(request, self.token)

    def _authenticate(self, request: RecordedRequest, expected: str) -> None:
        scheme, _, token = (request.header("authorization") or "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), expected.encode()):
            raise Problem(
                401,
                "expected the header Authorization: Bearer TOKEN, with the control token that the server printed at start",
                headers={"WWW-Authenticate": 'Bearer realm="oauth-gauntlet control"'},
            )

    def _serves(self, host: str) -> bool:
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name = found[1].strip("[]").lower().removesuffix(".")
        if is_loopback(name) or name in {each.lower() for each in (*self.hosts, self.bound)}:
            return True
        # Bound to every interface: any address is accepted, because DNS rebinding needs a host name.
        return self.bound in {"", "0.0.0.0", "::"} and _is_address(name)  # noqa: S104 - read, not bound

    def _names(self) -> str:
        return " or ".join(dict.fromkeys(("localhost", self.bound or "any address", *sorted(self.hosts))))


def require_json(request: RecordedRequest) -> None:
    """Raise a problem if a request changes something and is not JSON: a form on another site's page could send it.

    DELETE needs no content type: browsers send a preflight before any method other than GET, HEAD and POST.

    Raises:
        Problem: 415.
    """
    if request.method in _CHANGES and request.media_type != "application/json":
        sent = request.header("content-type") or "none"
        raise Problem(415, f"{request.method} requires Content-Type: application/json, got {sent[:80]}")


def is_loopback(host: str) -> bool:
    """Check whether a host name or an address always means this machine."""
    name = host.lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    return _is_address(name) and _address(name).is_loopback


def _is_address(name: str) -> bool:
    try:
        _address(name)
    except ValueError:
        return False
    return True


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    address = ipaddress.ip_address(name)
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped if isinstance(mapped, ipaddress.IPv4Address) else address
