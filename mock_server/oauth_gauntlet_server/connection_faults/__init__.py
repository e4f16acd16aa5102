"""Faults that happen before a request is read; each makes a port of its own (`MockServer.open_port`)."""

from __future__ import annotations

from oauth_gauntlet_server.connection_faults.base import (
    ConnectionFault,
    all_connection_faults,
    connection_fault_from_json,
)
from oauth_gauntlet_server.connection_faults.tcp import (
    AcceptAndClose,
    DelayAccept,
    Garbage,
    Refuse,
    ResetBeforeRead,
    ResetOnAccept,
    Silence,
)
from oauth_gauntlet_server.connection_faults.tls import (
    PlainOnTLS,
    TLSCertificate,
    TLSHandshakeStall,
    TLSResetInHandshake,
    TLSVersion,
)

__all__ = [
    "AcceptAndClose",
    "ConnectionFault",
    "DelayAccept",
    "Garbage",
    "PlainOnTLS",
    "Refuse",
    "ResetBeforeRead",
    "ResetOnAccept",
    "Silence",
    "TLSCertificate",
    "TLSHandshakeStall",
    "TLSResetInHandshake",
    "TLSVersion",
    "all_connection_faults",
    "connection_fault_from_json",
]
