"""Find the base URL of a request: the start of every URL that the answer to it names.

A server has as many names as there are ways to reach it: ``localhost`` on this machine, the name of a service in a
network of containers, the public name of a reverse proxy. So a base URL is a property of one request. It is computed from
that request alone, passed down as a value, and kept nowhere: a request with a false Host changes its own answer and no other.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from enum import StrEnum

from oauth_gauntlet_server.http.http_request import RecordedRequest

_HOST = re.compile(r"(?P<name>[A-Za-z0-9._~-]{1,253}|\[(?P<address>[0-9A-Fa-f:.]{2,45})\])(?::(?P<port>[0-9]{1,5}))?")
_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")
_URL = re.compile(r"(?P<scheme>https?)://(?P<host>[^/?#\s]+)(?P<path>/[^?#\s]*)?")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://([^/?]*)")

# RFC 7239 §4: forwarded-pair = token "=" ( token / quoted-string ).
_PAIR = re.compile(r"""\s*([A-Za-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s";,]*))\s*""")

_DEFAULT_PORTS = {"http": "80", "https": "443"}


class BaseURLError(ValueError):
    """A text is no base URL; the message says what is expected."""


class BaseURLSource(StrEnum):
    """What decides the base URL of a request."""

    SERVER = "server"
    """The server: each tenant has one base URL."""
    HOST = "host"
    """The Host header field of the request."""
    PROXY = "proxy"
    """The header fields that a reverse proxy adds (Forwarded, X-Forwarded-*); without them the Host header field."""

    def base_url(self, request: RecordedRequest, *, scheme: str, mount: str = "") -> str | None:
        """Return the base URL that a request names, without a slash at the end; None: that of the server applies.

        `scheme` is that of the connection. `mount` is the path at which another WSGI server serves the application. A
        name that is not ``host[:port]`` (RFC 3986 §3.2) is ignored. Any valid name is accepted, because it has an effect
        on the answer to this request only.
        """
        if self is BaseURLSource.SERVER:
            return None
        hosts = request.header_values("host")
        host = hosts[0] if len(hosts) == 1 else ""
        # RFC 9112 §3.2.2: the authority of a target in absolute form takes precedence over Host.
        if absolute := _ABSOLUTE.match(request.target):
            host = absolute[1]
        if self is BaseURLSource.PROXY:
            forwarded = _forwarded(request)
            scheme, host = forwarded.get("proto", scheme), forwarded.get("host", host)
            mount = forwarded.get("prefix", "") + mount
            host = _with_port(host, forwarded.get("port", ""), scheme)
        return f"{scheme}://{host}{mount}" if is_host(host) else None


def is_host(text: str) -> bool:
    """Check whether a text is ``host[:port]`` with a host name, an IPv4 address, or an IPv6 address in brackets."""
    found = _HOST.fullmatch(text)
    if found is None or int(found["port"] or 0) > 65535:
        return False
    if found["address"] is None:
        return True
    try:
        ipaddress.IPv6Address(found["address"])
    except ValueError:
        return False
    return True


def checked_base_url(text: str) -> str:
    """Return a base URL that a user names, without a slash at the end.

    Raises:
        BaseURLError: the text is not http or https, host, and optionally port and path.
    """
    found = _URL.fullmatch(text)
    path = (found["path"] or "").rstrip("/") if found else ""
    if found is None or not is_host(found["host"]) or (path and not _PATH.fullmatch(path)):
        raise BaseURLError(
            f"{text[:200]!r} is no base URL: expected http:// or https://, a host, and optionally a port and a path"
        )
    return f"{found['scheme']}://{found['host']}{path}"


def origin_and_path(base_url: str) -> tuple[str, str]:
    """Return the origin of a base URL (scheme, host and port), and its path, which may be empty."""
    scheme, _, rest = base_url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host}", f"{slash}{path}"


def host_name(base_url: str) -> str:
    """Return the host of a base URL as URLs contain it: without a port, an IPv6 address in brackets."""
    origin, _ = origin_and_path(base_url)
    found = _HOST.fullmatch(origin.partition("://")[2])
    return found["name"] if found else ""


def at_host(base_url: str, name: str) -> str:
    """Return a base URL with another host; scheme, port and path stay."""
    origin, path = origin_and_path(base_url)
    scheme, _, host = origin.partition("://")
    port = host.removeprefix(host_name(base_url))
    return f"{scheme}://{name}{port}{path}"


def _forwarded(request: RecordedRequest) -> dict[str, str]:
    """Return what the proxy nearest to the client says: proto, host, port and prefix, each only if it is valid."""
    found = {
        "proto": _first(request.header_values("x-forwarded-proto")).lower(),
        "host": _first(request.header_values("x-forwarded-host")),
        "port": _first(request.header_values("x-forwarded-port")),
        # Each proxy that removes the start of the path appends what it removed.
        "prefix": "".join(part.rstrip("/") for part in _items(request.header_values("x-forwarded-prefix"))),
    }
    # RFC 7239 §4: the first element is of the first proxy. What it names takes precedence over the older fields.
    for pair in _first(request.header_values("forwarded")).split(";"):
        if (matched := _PAIR.fullmatch(pair)) and (name := matched[1].lower()) in {"proto", "host"}:
            value = matched[3] if matched[2] is None else re.sub(r"\\(.)", r"\1", matched[2])
            found[name] = value.lower() if name == "proto" else value
    valid = {
        "proto": found["proto"] in _DEFAULT_PORTS,
        "host": is_host(found["host"]),
        "port": found["port"].isascii() and found["port"].isdecimal() and 0 < int(found["port"][:6]) < 65536,
        "prefix": _PATH.fullmatch(found["prefix"]) is not None,
    }
    return {name: found[name] for name, good in valid.items() if good}


def _with_port(host: str, port: str, scheme: str) -> str:
    """Return a host with the port, unless it has one already or the port is the default of the scheme."""
    found = _HOST.fullmatch(host)
    return f"{host}:{port}" if found and not found["port"] and port and port != _DEFAULT_PORTS.get(scheme) else host


def _items(values: Iterable[str]) -> list[str]:
    return [item.strip() for value in values for item in value.split(",")]


def _first(values: Iterable[str]) -> str:
    return next(iter(_items(values)), "")
