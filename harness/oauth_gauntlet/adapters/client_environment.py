"""The environment in which every client runs, so that the machine decides no verdict.

Time zone, locale and umask are fixed. Variables are removed that send requests through a proxy or replace the certificate
authorities that a client trusts. Everything else stays: a client may need PATH, VIRTUAL_ENV or JAVA_HOME.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

FIXED: Mapping[str, str] = {"TZ": "UTC", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
"""Variables with a fixed value. LC_ALL has priority over all other variables of the locale."""

NO_CHANGES: Mapping[str, str] = MappingProxyType({})
"""No variables in addition to those of every client."""

UMASK = 0o022
"""The usual default: files that a client creates are readable for others unless the client prevents it."""

# HTTP_PROXY, https_proxy, NO_PROXY, CGI_HTTP_PROXY, GLOBAL_AGENT_HTTP_PROXY, ... A client may read any of them, and axios
# reads npm's. GOPROXY and GONOPROXY stay: Go's tools download modules from there, and no client reads them.
_PROXY = re.compile(r".*_proxy|npm_config_noproxy", re.IGNORECASE)

# What replaces or switches off the trust in certificates. In requests, REQUESTS_CA_BUNDLE has priority over the `verify` of
# a session, so that a configured ca_file has no effect.
_TRUST = {
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "NODE_TLS_REJECT_UNAUTHORIZED",
    "PYTHONHTTPSVERIFY",
}

_LOCALE = re.compile(r"LC_.*|LANGUAGE")

# Java reads no variable for proxies and the time zone, but options, which these variables can contain among others.
_JAVA_VARIABLES = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"}
_JAVA_OPTION = re.compile(
    r"-D(?:(?:https?|ftp)\.(?:proxy\w+|nonProxyHosts)|socksProxy\w+|java\.net\.useSystemProxies|user\.timezone)=\S*\s*"
)


def client_environment(machine: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a client on a machine with the given environment."""
    kept = {name: value for name, value in machine.items() if not _is_removed(name)}
    for name in _JAVA_VARIABLES & kept.keys():
        kept[name] = _JAVA_OPTION.sub("", kept[name]).strip()
    return {**kept, **FIXED}


def described_environment() -> dict[str, str]:
    """Return what is fixed, for the header of the results."""
    return {**FIXED, "umask": f"{UMASK:03o}", "proxies": "none", "certificate_authorities": "no variables"}


@contextmanager
def fixed_process() -> Iterator[None]:
    """Give this process the environment of a client, which runs in it; restore its own at the end."""
    wanted = client_environment(os.environ)
    removed: dict[str, str | None] = dict.fromkeys(os.environ.keys() - wanted.keys())
    umask = os.umask(UMASK)
    try:
        with changed_environment({**removed, **wanted}):
            yield
    finally:
        os.umask(umask)


@contextmanager
def changed_environment(changes: Mapping[str, str | None]) -> Iterator[None]:
    """Set these variables of this process, or remove those that are None; restore them at the end.

    The C library reads the time zone again. All threads share the environment, so nothing else may be judged meanwhile.
    """
    before = {name: os.environ.get(name) for name in changes}
    _set(changes)
    try:
        yield
    finally:
        _set(before)


def _set(changes: Mapping[str, str | None]) -> None:
    for name, value in changes.items():
        if value is None:
            os.environ.pop(name, None)
        elif os.environ.get(name) != value:
            os.environ[name] = value
    if hasattr(time, "tzset"):
        time.tzset()


def _is_removed(name: str) -> bool:
    return name in _TRUST or _PROXY.fullmatch(name) is not None or _LOCALE.fullmatch(name) is not None
