"""The token URL: malformed, without a host, with a fragment, with white space around it."""

from __future__ import annotations

from urllib.parse import urlsplit

from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.model import Mark, number
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind
from oauth_gauntlet.requirement import (
    INTEROP,
    MUST,
    RECIPIENT,
    SERVER,
    Variant,
    practice,
    quote,
    requirement,
    rule,
)
from oauth_gauntlet_server import Tenant

_UNCLEAR = {ErrorKind.UNEXPECTED, ErrorKind.OAUTH}
"""Kinds that are no refusal of a configuration: a crash, and an answer of a server that was not asked."""


@requirement(
    "config.malformed-url",
    level=INTEROP,
    basis=practice("A URL that was copied in part (without its scheme, or only its path) is a frequent mistake of users."),
    statement="A token URL that is not an absolute http or https URI is an error before any request.",
    variants={
        "no-scheme": "127.0.0.1/token",
        "path-only": "/token",
        "other-scheme": "ftp://127.0.0.1:1/token",
        "bad-port": "https://127.0.0.1:99999/token",
    },
)
def test_malformed_url(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure a malformed token URL.

    Check: an error of any kind that the client documents, and no request.
    """
    client.control()
    answer = client.obtain(token_url=variant.value)
    require(
        isinstance(answer, ErrorInfo) and answer.kind not in _UNCLEAR and not tenant.journal.requests(),
        expected="an error that the client documents, and no request",
        seen=f"{described(answer)}; {number(tenant.journal.count(), 'request')}",
    )


# Some HTTP libraries take an empty host for this machine.
@requirement(
    "config.url-without-host",
    level=MUST,
    basis=quote(
        "RFC 9110 4.2.1",
        'A sender MUST NOT generate an "http" URI with an empty host identifier. '
        "A recipient that processes such a URI reference MUST reject it as invalid.",
        binds=RECIPIENT,
    ),
    statement="A token URL without a host is rejected.",
    platform=True,
)
def test_url_without_host(client: LabClient, tenant: Tenant) -> None:
    """Do: configure the token URL without its host.

    Check: an error, and no request. An undocumented error is a warning.
    """
    client.control()
    url = urlsplit(tenant.token_url)
    answer = client.obtain(token_url=url._replace(netloc=f":{url.port}").geturl())
    requests = tenant.journal.requests()
    require(
        isinstance(answer, ErrorInfo) and not requests,
        expected="an error, and no request",
        seen=f"{described(answer)}; {number(len(requests), 'request')}",
        mark=Mark(text=requests[0].target, exchange=0) if requests else None,
    )
    clear = isinstance(answer, ErrorInfo) and answer.kind not in _UNCLEAR
    advise(clear, expected="an error that the client documents", seen=described(answer))


@requirement(
    "config.url-fragment",
    level=MUST,
    basis=[
        rule(
            "RFC 9110 7.1",
            "The target URI excludes the reference's fragment component, if any, since fragment identifiers are reserved "
            "for client-side processing",
        ),
        quote("RFC 6749 3.2", "The endpoint URI MUST NOT include a fragment component.", binds=SERVER),
    ],
    statement="A fragment in the token URL is never sent.",
)
def test_url_fragment(client: LabClient, tenant: Tenant) -> None:
    """Do: configure a token URL with a fragment.

    Check: it is refused, or the request target does not contain it.
    """
    client.control()
    client.obtain(token_url=f"{tenant.token_url}#fragment-of-the-token-url")
    for request in tenant.journal.requests():
        require(
            "fragment-of-the-token-url" not in request.target,
            expected="a request target without the fragment, or no request",
            seen=f"the request target {request.target}",
            mark=Mark(text=request.target),
        )


# White space is not part of a URI (RFC 3986 Appendix C). In secrets and passwords it is significant.
@requirement(
    "config.url-whitespace",
    level=INTEROP,
    basis=practice("A URL that was copied from a page or a file often has a space or a line end around it."),
    statement="White space around the token URL is removed, or the URL is refused.",
    variants={"space": " {} ", "line-end": "{}\n", "tab": "\t{}"},
)
def test_url_whitespace(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure the token URL with white space before or after it.

    Check: the right path is requested, or nothing.
    """
    client.control()
    answer = client.obtain(token_url=variant.value.format(tenant.token_url))
    wanted = urlsplit(tenant.token_url).path
    for request in tenant.journal.requests():
        require(
            urlsplit(request.target).path == wanted,
            expected=f"a request for {wanted}, or a refusal of the URL",
            seen=f"a request for {request.target!r}",
            mark=Mark(text=request.target),
        )
    documented(answer)
