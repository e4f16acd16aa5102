"""Content codings, valid and broken."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import Token
from oauth_gauntlet.requirement import INTEROP, USER_AGENT, Variant, practice, requirement, rule
from oauth_gauntlet_server import Tenant, faults


# A client may refuse a coding that it does not list in Accept-Encoding (RFC 9110 §8.4.1).
@requirement(
    "http.content-coding",
    level=INTEROP,
    basis=[
        practice("Proxies compress token answers; a client that asks for a coding and cannot read it gets no token there."),
        rule(
            "RFC 9110 12.5.3",
            "When sent by a user agent in a request, Accept-Encoding indicates the content codings acceptable in a response.",
            binds=USER_AGENT,
        ),
    ],
    statement="The client decodes a content coding that it accepts; it decodes or clearly refuses another one.",
    variants=["gzip", "deflate", "br"],
)
def test_content_coding(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the response is compressed.

    Check: a token if Accept-Encoding lists the coding; else a token or documented error.
    """
    client.control()
    tenant.arm(faults.fault("content_coding", coding=variant.name))
    answer = client.try_get_token()
    accepted = ",".join(client.token_request().header_values("accept-encoding")).lower()
    if variant.name in [coding.partition(";")[0].strip() for coding in accepted.split(",")]:
        require(
            isinstance(answer, Token) and answer.access_token,
            expected=f"a token: the request accepts {variant.name}",
            seen=described(answer),
            mark=Mark(text="Accept-Encoding"),
        )
    documented(answer)


@requirement(
    "http.content-coding-broken",
    level=INTEROP,
    basis=practice("Proxies label content that they did not compress, and cut compressed content short."),
    statement="Content that cannot be decoded never gives a token that was not issued, and never a crash.",
    variants=["truncated", "not-coded", "corrupt", "unlabelled"],
)
def test_content_coding_broken(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the compressed response has a flaw. Check: the genuine token or a documented error."""
    client.control()
    tenant.arm(faults.fault("content_coding", coding="gzip", flaw=variant.name))
    answer = client.try_get_token()
    if isinstance(answer, Token):
        known = isinstance(answer.access_token, str) and tenant.active(answer.access_token) is not None
        require(known, expected="the token that was issued, or an error", seen=described(answer))
    documented(answer)
