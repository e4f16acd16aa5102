"""Search the heads of requests as octets, also of those that the mock server refuses to read.

The mock server answers 400 to a head with a bare LF, a bare CR or a NUL before it knows the tenant. So the tenant's journal
has no such request. The port keeps its octets.
"""

from __future__ import annotations

import re

from oauth_gauntlet_server import Port, Tenant

_AROUND = 60


def found_in_heads(pattern: bytes, tenant: Tenant, port: Port, endpoint: str) -> str | None:
    """Return the octets around the first match of a regular expression, for the text of a finding; None without a match.

    It searches the requests that the tenant's endpoint recorded, and what arrived malformed at the port.
    """
    octets = [request.raw for request in tenant.journal.requests(endpoint)]
    octets += [record.received for record in port.connections]
    for each in octets:
        head, _, _ = each.partition(b"\r\n\r\n")
        match = re.search(pattern, head, re.IGNORECASE)
        if match:
            return repr(head[max(match.start() - _AROUND, 0) : match.end() + _AROUND])[1:]
    return None
