"""Octets that are no HTTP, too many, or not asked for."""

from __future__ import annotations

import time
from contextlib import suppress

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, documented
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import Token
from oauth_gauntlet.requirement import INTEROP, Variant, requirement
from oauth_gauntlet_scenarios.wire.failure import require_error
from oauth_gauntlet_server import Tenant, faults

# RFC 9110 §9.2.2: a client SHOULD NOT automatically retry a request with a non-idempotent method; one replay on a
# connection that broke before any byte of the answer is practice.
_ROUNDS = 10
"""How often an exchange is repeated whose outcome is up to chance in some clients: their verdict is not to be."""


@requirement(
    "wire.garbage",
    level=INTEROP,
    source="RFC 9112 2.1",
    statement="Octets that are no HTTP give an error that the client documents.",
    variants={"binary": {"base64": "AAEC/////gAA"}, "banner": "SSH-2.0-OpenSSH_9.2\r\n", "http-0.9": "<html>hello</html>\n"},
)
def test_garbage(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers with what is no HTTP. Check: a documented error."""
    tenant.arm(faults.fault("garbage", octets=variant.value))
    require_error(client.try_get_token())


# RFC 9112 §9.2: data without an outstanding request: the client "MUST NOT consider that data to be a valid response to a
# prior request; the client SHOULD close the connection, since message delimitation is now ambiguous". A client to which it
# is, and which therefore takes neither answer (aiohttp, when "close" was said), is right too.
@requirement(
    "wire.extra-response",
    level=INTEROP,
    source="RFC 9112 9.2",
    statement="A second response that nobody asked for is not taken for the answer to the next request.",
)
def test_extra_response(client: LabClient, tenant: Tenant) -> None:
    """Do: a second answer comes with the first, or later; configure anew, get a token. Check: it is not out of that one."""
    # With it, it is in the client's buffer; later, it waits in the socket. Which of the two must not be left to the network.
    # The request after it ends the connection: a client that is one answer late there would be so in other scenarios too.
    ended = faults.all_of(
        faults.fault("header", header="Connection", value="close"), faults.fault("truncate", octets=1_000_000)
    )
    # Some clients find the leftover by chance; on a busy machine the first answer may be read when the second is there already.
    for delay_s, pause_s in (*[(0.0, 0.0)] * _ROUNDS, (0.05, 0.3), (0.2, 0.6), (0.5, 1.0)):
        tenant.clear_faults()
        tenant.arm_sequence(faults.fault("unsolicited_response", delay_s=delay_s), ended)
        client.configure()
        # Whoever takes what is too much for a fault of the first answer may say so.
        documented(client.try_get_token())
        time.sleep(pause_s)
        client.configure()
        asked = tenant.journal.count("token")
        answer = client.try_get_token()
        # Whoever takes the leftover for its answer has it before the server has read the request.
        with suppress(TimeoutError):
            tenant.journal.wait_for(asked + 1, endpoint="token", timeout_s=2.0)
        require(
            not (isinstance(answer, Token) and answer.access_token == "unsolicited-token"),
            expected="the answer to the second request",
            seen="the token of the response that nobody asked for",
            mark=Mark(text="Connection", part="response", exchange=-2),
        )
        if tenant.journal.count("token") == asked:
            break  # it has its token from elsewhere, and so it would the next time
        if delay_s and isinstance(answer, Token):
            break  # it has the right one


@requirement(
    "wire.huge-headers",
    level=INTEROP,
    source="practice",
    statement="A flood of header fields ends with a token or an error that the client documents.",
    variants={"one-large": (1, 200_000), "many": (2_000, 20)},
)
def test_huge_headers(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the answer has a field of 200 kB, or 2,000 fields. Check: a token or a documented error."""
    fields, octets = variant.value
    tenant.arm(faults.fault("huge_headers", fields=fields, octets=octets))
    documented(client.try_get_token())
