"""Nobody asks: a client that renews in the background pauses between its requests, and has one renewer."""

from __future__ import annotations

from oauth_gauntlet.checks import untestable
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import Capability, GrantType, Token
from oauth_gauntlet.requirement import CLIENT_CREDENTIALS, INTEROP, REFRESH_TOKEN, Variant, practice, requirement
from oauth_gauntlet_scenarios.trouble.quiet import require_quiet
from oauth_gauntlet_scenarios.virtual_time import HOUR_S
from oauth_gauntlet_server import Tenant, connection_fault, faults

_FLOOD = practice(
    "A loop without a pause sends hundreds of requests a second: it blocks the server that wants to recover, and servers block "
    "its address or its account."
)

_UNAVAILABLE = faults.http_status(503, "Service Unavailable", content_type="text/plain")

_RENEWALS = 12
"""More renewals than one renewer could explain requests in a quiet time."""


def _refusal(grant: GrantType) -> faults.Fault:
    """Return the refusal that no further request of this grant can change."""
    return faults.oauth_error("invalid_grant" if grant is GrantType.REFRESH_TOKEN else "invalid_client")


def _short_lived(client: LabClient, tenant: Tenant) -> None:
    """Let tokens live for a second, and get the first one.

    Raises:
        Untestable: the client has no token.
    """
    tenant.arm(faults.token_member("expires_in", 1))
    answer = client.try_get_token()
    if not isinstance(answer, Token):
        untestable(f"the client has no first token: it reported {described(answer)}")


@requirement(
    "trouble.unasked-after-failure",
    level=INTEROP,
    basis=_FLOOD,
    grants=[CLIENT_CREDENTIALS],
    waits=True,
    statement="After a failed token request the client does not send request after request by itself.",
    variants=["503", "refused", "closed-at-once"],
)
def test_unasked_after_failure(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: get a token; the server answers 503 or 400 invalid_client, or closes each connection, for good; wait two seconds.

    Check: at most ten requests, or connections, in these two seconds.
    """
    client.control()
    if variant.name == "closed-at-once":
        port = ports.open(connection_fault("accept_and_close"))
        documented(client.obtain(token_url=port.url_of(tenant)))
        require_quiet(lambda: port.count, when="after the server had closed one", what="connections")
        return
    tenant.arm(_UNAVAILABLE if variant.name == "503" else _refusal(client.grant))
    documented(client.try_get_token())
    require_quiet(lambda: tenant.journal.last, when="after a failed one")


@requirement(
    "trouble.unasked-renewal",
    level=INTEROP,
    basis=[_FLOOD, practice("Servers issue tokens that live shorter than the time by which a client renews ahead.")],
    grants=[CLIENT_CREDENTIALS, REFRESH_TOKEN],
    capabilities=["auto_refresh"],
    covered_by=["trouble.unasked-after-failure"],
    waits=True,
    statement="A client that renews by itself pauses between its requests, with short-lived tokens and after failures too.",
    variants={
        "short-lived": "while its tokens live for one second",
        "503": "while the server answers each renewal with 503",
        "refused": "after the server has refused the renewal",
    },
)
def test_unasked_renewal(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: get a token with a lifetime of one second; then the server goes on so, or answers 503 or 400; wait two seconds.

    Check: at most ten token requests in these two seconds.
    """
    _short_lived(client, tenant)
    if variant.name != "short-lived":
        tenant.arm(_UNAVAILABLE if variant.name == "503" else _refusal(client.grant))
    require_quiet(lambda: tenant.journal.last, when=variant.value)
    # A client without a renewer meets the fault now: its token has expired.
    if Capability.CLOCK in client.hello.capabilities:
        client.advance(HOUR_S)
    client.try_get_token()


@requirement(
    "trouble.one-renewer",
    level=INTEROP,
    basis=practice("Each timer that stays behind renews again and again: the number of requests grows with the uptime."),
    grants=[CLIENT_CREDENTIALS, REFRESH_TOKEN],
    capabilities=["auto_refresh"],
    covered_by=["trouble.unasked-renewal"],
    waits=True,
    statement="Each renewal replaces the timer of the one before: timers do not multiply.",
)
def test_one_renewer(client: LabClient, tenant: Tenant) -> None:
    """Do: tokens live for one second; get one, and let it expire, twelve times; wait two seconds.

    Check: at most ten token requests in these two seconds: one renewer sends two to four, twelve send more than twenty.
    """
    _short_lived(client, tenant)
    for _ in range(_RENEWALS - 1):
        if Capability.CLOCK in client.hello.capabilities:
            client.advance(2)
        client.try_get_token()
    if Capability.CLOCK in client.hello.capabilities and tenant.journal.count("token") < 2:
        untestable("the client renewed no token: one token request arrived")
    require_quiet(lambda: tenant.journal.last, when=f"after {_RENEWALS} tokens: timers multiply")
