"""An outage: the same failure many times in a row, and how a client gets out of it."""

from __future__ import annotations

import time

from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import Capability, ErrorInfo, Token

FAILURES = 30
"""How many requests fail in a row: more than a pool of ten connections or twenty attempts can bear."""

BREAK_S = 300.0
"""How far the clocks of client and server move when the client waits: the longest pause of usual circuit breakers."""

PATIENCE_S = 6.0
"""Seconds of real time for a client that asks and still fails."""

SILENCE_S = 65.0
"""Seconds of real time for a client that asks nothing: its pause may be measured by a clock that cannot be moved.

The usual circuit breakers pause for 60 seconds at most by default (resilience4j, gobreaker, pybreaker: 60, opossum: 30).
"""

_STEP_S = 0.5


def answer_after_outage(client: LabClient) -> Token | ErrorInfo:
    """Return the client's answer when the server is well again; a client that pauses first gets time.

    After many failures a client may refuse to ask for a while (a circuit breaker). Its clock is moved, if it has one; other
    clients are asked again for some seconds, and for a minute as long as they send nothing. The last answer counts.
    """
    journal = client.tenant.journal
    before = journal.last
    answer = client.try_get_token()
    if isinstance(answer, ErrorInfo) and Capability.CLOCK in client.hello.capabilities:
        client.advance(max(BREAK_S, answer.retry_after or 0))
        answer = client.try_get_token()
    began = time.monotonic()
    while isinstance(answer, ErrorInfo) and time.monotonic() - began < (SILENCE_S if journal.last == before else PATIENCE_S):
        time.sleep(_STEP_S)
        answer = client.try_get_token()
    return answer
