"""The token URL: malformed, with a fragment, with white space around it."""

from __future__ import annotations

from urllib.parse import urlsplit

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind
from oauth_gauntlet.requirement import (
    INTEROP,
    MUST,
    Variant,
    requirement,
)
from oauth_gauntlet_server import Tenant


# RFC 3986 §3: the scheme is required in a URI. RFC 9110 §4.2.1: an http URI with an empty host is to be
# rejected.
@requirement(
    "config.malformed-url",
    level=INTEROP,
    source="RFC 3986 3, RFC 9110 4.2",
    statement="A token URL that is not an absolute http or https URI is an error before any request.",
    variants={
        "no-scheme": "127.0.0.1/token",
        "path-only": "/token",
        "other-scheme": "ftp://127.0.0.1:1/token",
        "no-host": "https://:443/token",
        "bad-port": "https://127.0.0.1:99999/token",
    },
)
def test_malformed_url(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure a malformed token URL.

    Check: an error of any kind that the client documents, and no request.
    """
    answer = client.obtain(token_url=variant.value)
    require(
        isinstance(answer, ErrorInfo) and answer.kind is not ErrorKind.UNEXPECTED and not tenant.journal.requests(),
        expected="an error that the client documents, and no request",
        seen=f"{described(answer)}; {tenant.journal.count()} requests",
    )


# RFC 6749 §3.2: "The endpoint URI MUST NOT include a fragment component." RFC 9110 §7.1: the target URI
# excludes it.
@requirement(
    "config.url-fragment",
    level=MUST,
    source="RFC 6749 3.2, RFC 9110 7.1",
    statement="A fragment in the token URL is never sent.",
)
def test_url_fragment(client: LabClient, tenant: Tenant) -> None:
    """Do: configure a token URL with a fragment.

    Check: it is refused, or the request target does not contain it.
    """
    client.obtain(token_url=f"{tenant.token_url}#fragment-of-the-token-url")
    for request in tenant.journal.requests():
        require(
            "fragment-of-the-token-url" not in request.target,
            expected="a request target without the fragment, or no request",
            seen=f"the request target {request.target}",
            mark=Mark(text=request.target),
        )


# White space is not part of a URI (RFC 3986 Appendix C: it comes from copying). In secrets and passwords it
# is significant.
@requirement(
    "config.url-whitespace",
    level=INTEROP,
    source="practice; RFC 3986 Appendix C",
    statement="White space around the token URL is removed, or the URL is refused.",
    variants={"space": " {} ", "line-end": "{}\n", "tab": "\t{}"},
)
def test_url_whitespace(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure the token URL with white space before or after it.

    Check: the right path is requested, or nothing.
    """
    answer = client.obtain(token_url=variant.value.format(tenant.token_url))
    wanted = urlsplit(tenant.token_url).path
    for request in tenant.journal.requests():
        require(
            request.target == wanted,
            expected=f"a request for {wanted}, or a refusal of the URL",
            seen=f"a request for {request.target!r}",
            mark=Mark(text=request.target),
        )
    documented(answer)
