"""What a client does with a private key: it signs with it, or refuses it before any request."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSON
from oauth_gauntlet_scenarios.jwt.sent_assertion import readable_assertion, require_clear_refusal
from oauth_gauntlet_server import Tenant


def works(client: LabClient, **changes: JSON) -> None:
    """Require that the client, configured with changes, sends an assertion that is signed with the RSA key."""
    answer = client.obtain(**changes)
    require(
        client.token_requests(),
        expected="an assertion signed with the configured key",
        seen=f"no request; the client reported {described(answer)}",
    )
    problem = witness.signature_problem(readable_assertion(client), "rsa")
    require(
        problem is None,
        expected="an assertion signed with the configured key",
        seen=f"{problem}",
        mark=Mark(text="assertion="),
    )


def refused(tenant: Tenant, answer: object, what: str) -> None:
    """Require that nothing was sent, and that the answer is a clear error about `what`."""
    requests = tenant.journal.requests()
    require(
        not requests,
        expected=f"a configuration error about {what}, and no request",
        seen=f"{len(requests)} request(s) left the client; the client reported {described(answer)}",
        mark=Mark(text="assertion=", exchange=0) if requests else None,
    )
    require_clear_refusal(answer, what)
