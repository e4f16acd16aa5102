"""Collect the evidence of a result: the exchanges, and notes for the reader."""

from __future__ import annotations

import json
import re

from oauth_gauntlet.files.escaping import last_lines
from oauth_gauntlet.judging.verdicts import Conclusion, flattened
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Verdict
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import JSONObject
from oauth_gauntlet_server import Journal, Tenant

MOST_EXCHANGES = 20
"""A scenario with more exchanges keeps the last ones, which its finding is about."""

_FAILING_CALL = re.compile(r"(Failing test case|Falsifying example): \w+\(\n")
_CALLS_OF_A_MACHINE = re.compile(r"(Failing test case|Falsifying example): <state machine>|state( = |\.)")
# The arguments of a scenario that are not generated.
_PARTIES = ("client=", "tenant=", "grant=", "variant=", "data=data(")

_QUIET = {Verdict.PASS, Verdict.NOT_APPLICABLE}
"""Verdicts that need no explanation."""


def exchanges_json(journal: Journal) -> tuple[JSONObject, ...]:
    """Return the journal's last exchanges, as results.json contains them."""
    return tuple(exchange.to_json() for exchange in journal.exchanges()[-MOST_EXCHANGES:])


def server_failed(journal: Journal) -> bool:
    """Return whether the mock server itself failed in an exchange. Then no finding counts against the client."""
    return any(
        exchange.response is not None
        and exchange.response.status == 500
        and not exchange.faults
        and b'"server_error"' in exchange.response.body
        for exchange in journal.exchanges()
    )


def something_sent(tenant: Tenant, client: LabClient | None, ports: Ports | None) -> bool:
    """Return whether the client has sent a request, or has at least made a connection, in a scenario or its control."""
    return tenant.journal.last > 0 or (client is not None and client.control_accepted) or (ports is not None and ports.reached)


def notes_on(conclusion: Conclusion, exception: BaseException | None, client: LabClient | None) -> tuple[str, ...]:
    """Return notes that explain a verdict other than pass: generated values, stderr, and last the client's configuration."""
    if conclusion.verdict in _QUIET:
        return ()
    raised = () if exception is None else tuple(flattened(exception))
    added = [note for each in raised for note in getattr(each, "__notes__", ())]
    notes = list(dict.fromkeys(shown for note in added if (shown := _readable(note))))
    if client is not None and client.trace:
        notes.append(f"last lines of the adapter's stderr:\n{last_lines(client.trace)}")
    if client is not None and client.config:
        notes.append(f"configuration: {json.dumps(client.config, ensure_ascii=False)}")
    return tuple(notes)


def _readable(note: str) -> str:
    """Return a note of Hypothesis in readable form: of a failing call, only the generated values."""
    if _CALLS_OF_A_MACHINE.match(note):
        return ""  # the note of the story lists the same steps in words
    if not _FAILING_CALL.match(note):
        return note.replace("Draw 1 (configuration)", "generated configuration")
    values = [line.strip().removesuffix(",") for line in note.splitlines()[1:-1]]
    generated = [value for value in values if not value.startswith(_PARTIES)]
    return f"generated: {', '.join(generated)}" if generated else ""
