"""Check what a client takes from its environment: the time zone and the proxies. It is started once more for each check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from oauth_gauntlet.adapter_check.check import GOOD, Observation, doubt, wrong
from oauth_gauntlet.adapter_check.subject import Subject
from oauth_gauntlet.adapters.closing import close_quietly
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType, Token
from oauth_gauntlet.time_zones import KOLKATA
from oauth_gauntlet_server import PROXIED_HOST, ForwardProxy


def time_zone(subject: Subject, grant: GrantType) -> Observation:  # noqa: ARG001 - the signature of an inspection
    """Start the adapter with another TZ: `now` tells its offset from UTC."""
    with _started(subject, {"TZ": KOLKATA.variable}) as other:
        offset = other.adapter.utc_offset()
    if offset is None:
        return wrong("answer now with utc_offset, the seconds by which local time is ahead of UTC; or do not declare time_zone")
    if offset not in KOLKATA.offsets_s:
        return doubt(
            f"started with TZ={KOLKATA.variable}, the process was {offset:g} s ahead of UTC, not {max(KOLKATA.offsets_s):g} s: "
            "does it take its time zone from TZ?"
        )
    return GOOD


def proxy(subject: Subject, grant: GrantType) -> Observation | None:
    """Start the adapter with a proxy, and ask for a token at a host that only the proxy knows: the request arrives there."""
    with ForwardProxy({}) as opened:
        variables = {"http_proxy": opened.url, "HTTP_PROXY": opened.url}
        with _started(subject, variables) as other:
            answer = _answer(other, grant)
        if opened.requests:
            return GOOD
    if isinstance(answer, ErrorInfo) and answer.kind is ErrorKind.CONFIG:
        return None  # it sends no plain http beyond loopback
    return doubt("HTTP_PROXY named a proxy, and no request arrived there: does the client use the proxies of its environment?")


def _answer(subject: Subject, grant: GrantType) -> Token | ErrorInfo:
    try:
        subject.configure(subject.bench.tenant(), grant, {"token_url": f"http://{PROXIED_HOST}/token"})
    except ClientFailure as failure:
        return failure.error
    return subject.answer()


@contextmanager
def _started(subject: Subject, environment: Mapping[str, str]) -> Iterator[Subject]:
    adapter, hello = subject.bench.start(environment)
    try:
        yield Subject(subject.bench, adapter, hello)
    finally:
        close_quietly(adapter)
