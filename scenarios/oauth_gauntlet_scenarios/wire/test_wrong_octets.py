"""Octets that are not HTTP, responses without a request, and too many header fields."""

from __future__ import annotations

import itertools
import time
from contextlib import suppress

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, documented
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import Token
from oauth_gauntlet.requirement import INTEROP, MUST, Variant, practice, quote, requirement
from oauth_gauntlet_scenarios.another_party import another_party
from oauth_gauntlet_scenarios.wire.failure import ROUNDS, advise_documented, require_error
from oauth_gauntlet_server import Tenant, faults


@requirement(
    "wire.garbage",
    level=INTEROP,
    basis=practice("Another service listens at that port, or a proxy speaks another protocol."),
    statement="Octets that are not HTTP give an error that the client documents.",
    variants={"binary": {"base64": "AAEC/////gAA"}, "banner": "SSH-2.0-OpenSSH_9.2\r\n", "http-0.9": "<html>hello</html>\n"},
)
def test_garbage(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers with octets that are not HTTP. Check: a documented error."""
    client.control()
    tenant.arm(faults.fault("garbage", octets=variant.value))
    require_error(client.try_get_token())


# A client that therefore accepts neither response (as aiohttp does after Connection: close) is correct too.
@requirement(
    "wire.extra-response",
    level=MUST,
    basis=quote(
        "RFC 9112 9.2",
        "If a client receives data on a connection that doesn't have outstanding requests, the client MUST NOT consider that "
        "data to be a valid response; the client SHOULD close the connection, since message delimitation is now ambiguous, "
        "unless the data consists only of one or more CRLF (which can be discarded per Section 2.2).",
    ),
    platform=True,
    statement="The client does not treat an unsolicited second response as the response to its next request.",
)
def test_extra_response(client: LabClient, tenant: Tenant) -> None:
    """Do: a second response comes with the first, or later; configure again, get a token.

    Check: not the second one's token.
    """
    client.control()
    # If it comes with the first, it is in the client's buffer; if later, in the socket. Both are tried, so
    # that the verdict does not depend on the network. The next exchange ends the connection: a client that is
    # one response behind on it would stay so in the following scenarios.
    ended = faults.all_of(
        faults.fault("header", header="Connection", value="close"), faults.fault("truncate", octets=1_000_000)
    )
    # Some clients notice the second response by chance; on a busy machine it may be there before they read
    # the first one.
    numbers = itertools.count()
    for delay_s, pause_s in (*[(0.0, 0.0)] * ROUNDS, (0.05, 0.3), (0.2, 0.6), (0.5, 1.0)):
        tenant.clear_faults()
        tenant.arm_sequence(faults.fault("unsolicited_response", delay_s=delay_s), ended)
        client.configure(**another_party(client, next(numbers)))
        # A client may report the second response as an error of the first.
        advise_documented(client.try_get_token())
        time.sleep(pause_s)
        client.configure(**another_party(client, next(numbers)))
        before = tenant.journal.count("token")
        answer = client.try_get_token()
        # A client that takes the second response as its own returns before the server has read the request.
        with suppress(TimeoutError):
            tenant.journal.wait_for(before + 1, endpoint="token", timeout_s=2.0)
        require(
            not (isinstance(answer, Token) and answer.access_token == "unsolicited-token"),
            expected="the response to the second request",
            seen="the token of the unsolicited response",
            mark=Mark(text="Connection", part="response", exchange=-2),
        )
        if tenant.journal.count("token") == before:
            break  # the client got its answer without a request, and would again
        if delay_s and isinstance(answer, Token):
            break  # the client got the right token


@requirement(
    "wire.huge-headers",
    level=INTEROP,
    basis=practice("Gateways add fields for tracing and policies, and cookies grow; each client has a limit."),
    statement="Very large or very many header fields give a token or an error that the client documents.",
    variants={"one-large": (1, 200_000), "many": (2_000, 20)},
)
def test_huge_headers(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the response has a field of 200 kB, or 2,000 fields. Check: a token or a documented error."""
    client.control()
    fields, octets = variant.value
    tenant.arm(faults.fault("huge_headers", fields=fields, octets=octets))
    documented(client.try_get_token())
