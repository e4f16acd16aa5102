"""Values of a response that reach a later request: they add no parameters and no header fields to it."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.requirement import MUST, PASSWORD, REFRESH_TOKEN, Variant, quote, requirement
from oauth_gauntlet_scenarios.parse.answers import complete, control
from oauth_gauntlet_scenarios.sent_heads import found_in_heads
from oauth_gauntlet_server import Tenant, faults

# A client may refuse such a response, ignore the value, or send it encoded. Texts that only reach the application
# (error_description, error_uri) are not judged here: what is dangerous in a text depends on where it is shown.
_SANITIZED = quote(
    "RFC 6749 10.14",
    "The authorization server and client MUST sanitize (and validate when possible) any value received",
)
_HOSTILE = "abc&injected=1\r\nX-Injected: 1"


@requirement(
    "parse.received-values",
    level=MUST,
    basis=_SANITIZED,
    grants=[PASSWORD, REFRESH_TOKEN],
    capabilities=["refresh"],
    statement="A refresh token or scope of the response adds no parameter and no header field to the next token request.",
    variants={"refresh-token": "refresh_token", "scope": "scope"},
)
def test_received_values(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: refresh_token or scope of the response contains CR, LF and an ampersand with another parameter; then refresh.

    Check: the next token request has no further parameter or header field; the value is absent, or arrives as it was.
    """
    client.control()
    tenant.configure(strict=False)
    tenant.arm(faults.token_member(variant.value, _HOSTILE), times=1)
    client.try_get_token()
    client.try_refresh()
    for request in client.token_requests()[1:]:
        require(
            request.header("x-injected") is None and b"\nX-Injected" not in request.raw,
            expected="no header field that comes from a value of the response",
            seen="a header field X-Injected",
            mark=Mark(text="X-Injected"),
        )
        added = [name for name, _ in witness.form(request) if "injected" in name.lower()]
        require(
            not added and b"&injected=1" not in request.raw,
            expected="no parameter that comes from a value of the response",
            seen="a parameter injected",
            mark=Mark(text="injected"),
        )


@requirement(
    "parse.received-token-type",
    level=MUST,
    basis=_SANITIZED,
    capabilities=["resource"],
    covered_by=["parse.token-type-unknown"],
    statement="A token_type with line breaks adds no header field to a request.",
    variants={"crlf": "Bearer abc\r\nX-Injected: 1\r\nX-Rest:", "lf": "Bearer abc\nX-Injected: 1\nX-Rest:"},
)
def test_received_token_type(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: token_type contains a line break and a header field; let the client send a request.

    Check: no such field arrives, also not in a request that is no valid HTTP. The client may refuse the response, or refuse to
    send the request.
    """
    control(client)
    tenant.arm(complete(token_type=variant.value))
    port = ports.open()
    client.try_request(port.url_of(tenant, "resource"))
    found = found_in_heads(rb"\nX-Injected", tenant, port, "resource")
    require(
        found is None,
        expected="no header field that comes from a value of the response",
        seen=f"a head with {found}",
        mark=Mark(text="X-Injected"),
    )
