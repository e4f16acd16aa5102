"""`ConnectionFault`: the base class of faults before a request is read, and its actions.

Before a request is read, the tenant is unknown. So a connection fault belongs to a port
(`MockServer.open_port`), not to a tenant. It is an immutable value with a plan of small actions at two
points: after the connection is accepted, and after the TLS handshake, if there is one. If a plan does not end
the connection, the connection continues to the next point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypeVar

from oauth_gauntlet_server.faults.fault_json import check_bounds
from oauth_gauntlet_server.faults.parameter_types import Count
from oauth_gauntlet_server.faults.registry import Registry
from oauth_gauntlet_server.http.json_values import fields_as_json
from oauth_gauntlet_server.http.wire_plan import Close, Send, Wait

if TYPE_CHECKING:
    import ssl


@dataclass(frozen=True, kw_only=True, slots=True)
class AwaitOctets:
    """Wait until the client has sent at least one octet, and leave the octets unread."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """Read everything and send nothing; close after `seconds` (None: when the client closes)."""

    seconds: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reset:
    """Close the connection with RST instead of FIN."""


ConnectionAction: TypeAlias = AwaitOctets | Wait | Hold | Send | Close | Reset
ConnectionPlan: TypeAlias = tuple[ConnectionAction, ...]


@dataclass(frozen=True, kw_only=True)
class ConnectionFault:
    """A fault of a port. `times` is the number of connections that it applies to, from the first on; None: all."""

    name: ClassVar[str]
    needs_tls: ClassVar[bool] = False
    """Whether a port with this fault always has https URLs."""
    uses_tls: ClassVar[bool] = True
    """Whether the server does a TLS handshake if the URLs of the port are https."""

    times: Count | None = None

    def __post_init__(self) -> None:
        """Check the parameters.

        Raises:
            FaultError: a parameter is not one of the values that its annotation names, or is out of its bounds.
        """
        check_bounds(self)

    def on_accept(self) -> ConnectionPlan:
        """Return the actions directly after the connection is accepted."""
        return ()

    def before_request(self) -> ConnectionPlan:
        """Return the actions in place of reading a request, after the TLS handshake if there is one."""
        return ()

    def tls_context(self, host: str) -> ssl.SSLContext | None:  # noqa: ARG002 - for subclasses
        """Return the TLS context of this fault, or None to use the context of the port.

        Raises:
            TLSUnavailable: the context is not available on this machine.
        """
        return None

    def to_json(self) -> dict[str, Any]:
        """Return the JSON representation: the name in the member ``fault``, and every parameter."""
        return {"fault": self.name} | fields_as_json(self)


F = TypeVar("F", bound=type[ConnectionFault])

_REGISTRY = Registry[ConnectionFault]("connection fault")


def register(fault_class: F) -> F:
    """Register a fault class under its name (class decorator).

    Raises:
        TypeError: a parameter has an annotation for which there is no parameter type.
    """
    _REGISTRY.add(fault_class)
    return fault_class


def all_connection_faults() -> dict[str, type[ConnectionFault]]:
    """Return every registered class by name."""
    return _REGISTRY.classes()


def connection_fault_from_json(document: Mapping[str, Any]) -> ConnectionFault:
    """Return the connection fault of a JSON document: its name in the member ``fault``, and its parameters.

    Raises:
        FaultError: the name or a parameter is unknown, missing, of the wrong type or out of range; the
            message contains the nearest known name.
    """
    return _REGISTRY.read(document)
