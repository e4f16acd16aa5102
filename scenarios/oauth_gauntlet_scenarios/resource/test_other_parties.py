"""What reaches others: header fields that a token smuggles in, and the token at another host or port."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.requirement import MUST, SENDER, SHOULD, USER_AGENT, Variant, quote, requirement, rule
from oauth_gauntlet_scenarios.resource.requests import RESOURCE, show_that_requests_arrive
from oauth_gauntlet_scenarios.sent_heads import found_in_heads
from oauth_gauntlet_server import Tenant, faults

_B64TOKEN = rule("RFC 6750 2.1", 'credentials = "Bearer" 1*SP b64token')
_GRAMMAR = quote(
    "RFC 9110 2.2",
    "A sender MUST NOT generate protocol elements that do not match the grammar defined by the corresponding ABNF rules.",
    binds=SENDER,
)


def _require_not_sent(client: LabClient, tenant: Tenant, ports: Ports, token: str, pattern: bytes, expected: str) -> None:
    """Let the client use this access token; require that the pattern is in no head of a request, valid or not."""
    show_that_requests_arrive(client)
    tenant.arm(faults.token_member("access_token", token))
    port = ports.open()
    answer = client.try_request(port.url_of(tenant, "resource"))
    found = found_in_heads(pattern, tenant, port, "resource")
    require(
        found is None,
        expected=expected,
        seen=f"a head with {found}; the client reported {described(answer)}",
        mark=Mark(text="X-Injected"),
    )


# A server that issues such a token must not be able to write header fields of the client's next request. A token with line
# ends is illegal (RFC 6749 A.12): the client may refuse it, or refuse to send it.
@requirement(
    "resource.header-injection",
    level=MUST,
    basis=[_GRAMMAR, _B64TOKEN],
    capabilities=RESOURCE,
    statement="An access token with line breaks never creates additional header fields.",
    variants={"crlf": "abc\r\nX-Injected: 1", "lf": "abc\nX-Injected: 1"},
)
def test_header_injection(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: use the resource with a plain token; then the access token contains a line break and a header field.

    Check: no such field arrives, also not in a request that is no valid HTTP.
    """
    _require_not_sent(
        client, tenant, ports, variant.value, rb"\nX-Injected", "no request, or one without the injected header field"
    )


# Nothing becomes a header field of its own here, unless the server treats a bare CR as a line end.
@requirement(
    "resource.bare-cr",
    level=MUST,
    basis=[
        quote(
            "RFC 9112 2.2",
            "A sender MUST NOT generate a bare CR (a CR character not immediately followed by LF) within any protocol elements "
            "other than the content.",
            binds=SENDER,
        ),
        _B64TOKEN,
    ],
    capabilities=RESOURCE,
    statement="An access token with a bare CR never reaches a header field.",
    platform=True,
)
def test_bare_cr(client: LabClient, tenant: Tenant, ports: Ports) -> None:
    """Do: use the resource with a plain token; then the access token contains CR without LF.

    Check: no request has a bare CR in its head, and what follows it is no header field.
    """
    _require_not_sent(
        client, tenant, ports, "abc\rX-Injected: 1", rb"\r(?!\n)|\nX-Injected", "no request, or one without a bare CR"
    )


def _require_no_token_there(client: LabClient, tenant: Tenant, status: int, to: str) -> None:
    """Let the resource redirect; require that no request at the target contains the token, in a header or in the URL."""
    tenant.arm(faults.fault("redirect", status=status, to=to), endpoint="resource")
    client.try_request()
    for request in tenant.journal.requests("other_origin"):
        places = [request.target, *(value for _, value in request.headers)]
        carried = any(str(grant["access_token"]) in place for grant in client.grants() for place in places)
        require(
            not carried,
            expected="no token there",
            seen=f"the access token arrived at {request.header('host')}",
            mark=Mark(text=request.target),
        )


@requirement(
    "resource.cross-origin-redirect",
    level=MUST,
    basis=[
        quote(
            "RFC 6750 5.3",
            "Client implementations MUST ensure that bearer tokens are not leaked to unintended parties, as they will be "
            "able to use them to gain access to protected resources.",
        ),
        quote(
            "RFC 9110 15.4",
            "Resource-specific header fields, including (but not limited to) Referer, Origin, Authorization, and Cookie.",
            binds=USER_AGENT,
        ),
    ],
    capabilities=RESOURCE,
    statement="The client does not send the access token to another host when the resource redirects there.",
    variants={"302": 302, "307": 307},
)
def test_cross_origin_redirect(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the resource redirects to another host name. Check: no request there contains the token."""
    _require_no_token_there(client, tenant, variant.value, "other-host")


# Not a must: another port of the same host may belong to the same party. RFC 9110 15.4 recommends the same for each redirect.
@requirement(
    "resource.other-port-redirect",
    level=SHOULD,
    basis=[
        quote(
            "RFC 9110 15.4",
            "When automatically following a redirected request, the user agent SHOULD resend the original request message with "
            "the following modifications:",
            binds=USER_AGENT,
        ),
        quote(
            "RFC 9110 15.4",
            "Resource-specific header fields, including (but not limited to) Referer, Origin, Authorization, and Cookie.",
            binds=USER_AGENT,
        ),
    ],
    covered_by=["resource.cross-origin-redirect"],
    capabilities=RESOURCE,
    statement="The client does not send the access token to another port when the resource redirects there.",
    variants={"302": 302, "307": 307},
)
def test_other_port_redirect(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the resource redirects to another port of the same host. Check: no request there contains the token."""
    _require_no_token_there(client, tenant, variant.value, "other-origin")
