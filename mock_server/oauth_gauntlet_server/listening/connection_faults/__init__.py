"""Connection faults: faults before a request is read. Each one needs a separate port (`MockServer.open_port`)."""

from __future__ import annotations

from typing import Any

from oauth_gauntlet_server.http.wire_plan import Close, Send, Wait
from oauth_gauntlet_server.listening.connection_faults.base import (
    AwaitOctets,
    ConnectionFault,
    ConnectionPlan,
    Hold,
    Reset,
    all_connection_faults,
    connection_fault_from_json,
    register,
)
from oauth_gauntlet_server.listening.connection_faults.tcp import (
    AcceptAndClose,
    DelayAccept,
    Garbage,
    Refuse,
    ResetBeforeRead,
    ResetOnAccept,
    Silence,
)
from oauth_gauntlet_server.listening.connection_faults.tls import (
    PlainOnTLS,
    TLSCertificate,
    TLSHandshakeStall,
    TLSResetInHandshake,
    TLSVersion,
)

__all__ = [
    "AcceptAndClose",
    "AwaitOctets",
    "Close",
    "ConnectionFault",
    "ConnectionPlan",
    "DelayAccept",
    "Garbage",
    "Hold",
    "PlainOnTLS",
    "Refuse",
    "Reset",
    "ResetBeforeRead",
    "ResetOnAccept",
    "Send",
    "Silence",
    "TLSCertificate",
    "TLSHandshakeStall",
    "TLSResetInHandshake",
    "TLSVersion",
    "Wait",
    "all_connection_faults",
    "connection_fault",
    "connection_fault_from_json",
    "register",
]


def connection_fault(name: str, **parameters: Any) -> ConnectionFault:
    """Return a new connection fault, by its registered name.

    Raises:
        FaultError: the name or a parameter is unknown, missing, of the wrong type or out of range; the
            message contains the nearest known name.
    """
    return connection_fault_from_json({**parameters, "fault": name})
