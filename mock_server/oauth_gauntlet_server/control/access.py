"""Who may use the control API.

It can read every token and make the server lie, so it is for whoever started the server, and for nobody whose web page
a developer has open. A page may send requests to loopback, and DNS rebinding makes them same-origin to the browser; what
gives it away is the Host header, which names the page's own host (so Host is checked), or Origin and Sec-Fetch-Site. A
request that changes something has to be JSON: a cross-site form cannot be, and a script would have to ask first by a
preflight, which is never granted. Beyond loopback a token is wanted.
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
    """Which requests are let in.

    `bound` is the address that the server listens on; `hosts` are further names under which it is reached (in a network
    of containers, for example). Without a `token` only peers on loopback are served.
    """

    bound: str = "127.0.0.1"
    hosts: frozenset[str] = frozenset()
    token: str | None = None

    def check(self, request: RecordedRequest, *, scheme: str, peer: str, with_token: bool = True) -> None:
        """Let a request pass, or not; `peer` is the address of who sent it.

        `with_token` of False is for what holds no secret, such as the page that asks for the token.

        Raises:
            Problem: 400 without exactly one Host, 401 without the control token, 403 from elsewhere.
        """
        hosts = request.header_values("host")
        if len(hosts) != 1:
            raise Problem(400, "expected one Host header")
        if not self._serves(hosts[0]):
            raise Problem(403, f"the Host header names {hosts[0][:80]!r}, and this server is {self._names()}")
        if request.header("sec-fetch-site") == "cross-site":
            raise Problem(403, "the control API is not for other web sites (Sec-Fetch-Site: cross-site)")
        for origin in request.header_values("origin"):
            if origin.lower() != f"{scheme}://{hosts[0]}".lower():
                raise Problem(403, f"the control API is not for other origins (Origin: {origin[:80]})")
        if self.token is None:
            if not is_loopback(peer):
                raise Problem(403, "without a control token the control API is for this machine only")
        elif with_token:
            self._authenticate(request, self.token)

    def _authenticate(self, request: RecordedRequest, wanted: str) -> None:
        scheme, _, token = (request.header("authorization") or "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), wanted.encode()):
            raise Problem(
                401,
                "expected the header Authorization: Bearer, with the control token that the server printed at its start",
                headers={"WWW-Authenticate": 'Bearer realm="oauth-gauntlet control"'},
            )

    def _serves(self, host: str) -> bool:
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name = found[1].strip("[]").lower().removesuffix(".")
        if is_loopback(name) or name in {each.lower() for each in (*self.hosts, self.bound)}:
            return True
        # Bound to every interface: an address is no name that somebody else's DNS could point here.
        return self.bound in {"", "0.0.0.0", "::"} and _is_address(name)  # noqa: S104 - read, not bound

    def _names(self) -> str:
        return " or ".join(dict.fromkeys(("localhost", self.bound or "any address", *sorted(self.hosts))))


def require_json(request: RecordedRequest) -> None:
    """Refuse a request that changes something and is no JSON: a form on somebody's page could send it.

    DELETE needs no content type: a method other than GET, HEAD and POST always takes a preflight.

    Raises:
        Problem: 415.
    """
    if request.method in _CHANGES and request.media_type != "application/json":
        raise Problem(415, "a request that changes something has to have Content-Type: application/json")


def is_loopback(host: str) -> bool:
    """Whether a name or an address is this machine's own and nobody else's."""
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
