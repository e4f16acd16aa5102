"""What a fault before the request is: a value that says what is done to a connection, and when.

No request is read, so such a fault cannot belong to a tenant; it belongs to a port (`MockServer.open_port`). It is a
plan of small actions at two points: when the connection was accepted, and when TLS, if there is any, has come about. A
plan that does not end the connection lets it go on to the next point.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypeVar

from oauth_gauntlet_server.faults.fault_json import FaultError, arguments, nearest, plain
from oauth_gauntlet_server.http.wire_plan import Close, Send, Wait

if TYPE_CHECKING:
    import ssl

MOST_S = 86_400


@dataclass(frozen=True, kw_only=True, slots=True)
class AwaitOctets:
    """Wait until the client has sent something, and leave that unread."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """Say nothing, read whatever comes; close after so many seconds (None: when the client does)."""

    seconds: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reset:
    """End the connection with RST, in place of FIN."""


ConnectionAction: TypeAlias = AwaitOctets | Wait | Hold | Send | Close | Reset
ConnectionPlan: TypeAlias = tuple[ConnectionAction, ...]


@dataclass(frozen=True, kw_only=True)
class ConnectionFault:
    """A way in which a port misbehaves. `times`: towards the first so many connections only; None: towards all."""

    name: ClassVar[str]
    needs_tls: ClassVar[bool] = False
    """Whether a port with it has https URLs in any case."""
    speaks_tls: ClassVar[bool] = True
    """Whether TLS is spoken, where the port's URLs are https."""

    times: int | None = None

    def __post_init__(self) -> None:
        if self.times is not None and self.times < 1:
            raise FaultError(f"fault {self.name}: times counts from 1, got {self.times}")

    def on_accept(self) -> ConnectionPlan:
        """Return what is done as soon as the connection is there."""
        return ()

    def before_request(self) -> ConnectionPlan:
        """Return what is done in place of reading a request, after the TLS handshake if there is one."""
        return ()

    def tls_context(self, host: str) -> ssl.SSLContext | None:  # noqa: ARG002 - for subclasses
        """Return the context for the handshake, or None where the port's own serves.

        Raises:
            TLSUnavailable: it cannot be had on this machine.
        """
        return None

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form: the name under ``fault``, and every parameter."""
        return {"fault": self.name} | {field.name: plain(getattr(self, field.name)) for field in dataclasses.fields(self)}

    def check_seconds(self, seconds: float | None) -> None:
        """Check a parameter that is a time.

        Raises:
            FaultError: it is negative, or longer than a day.
        """
        if seconds is not None and not 0 <= seconds <= MOST_S:
            raise FaultError(f"fault {self.name}: seconds lie between 0 and {MOST_S}, got {seconds}")


F = TypeVar("F", bound=type[ConnectionFault])

_registered: dict[str, type[ConnectionFault]] = {}


def register(fault_class: F) -> F:
    """Make a fault known under its name (class decorator)."""
    _registered[fault_class.name] = fault_class
    return fault_class


def all_connection_faults() -> dict[str, type[ConnectionFault]]:
    """Return every registered class by name."""
    return dict(_registered)


def connection_fault_from_json(document: Mapping[str, Any]) -> ConnectionFault:
    """Return the connection fault of a JSON form: its name under ``fault``, and its parameters.

    Raises:
        FaultError: the name or a parameter is unknown, missing, of the wrong type or out of range; the text names the
            nearest.
    """
    name = document.get("fault")
    fault_class = _registered.get(name) if isinstance(name, str) else None
    if fault_class is None:
        raise FaultError(f"unknown connection fault {name!r}{nearest(str(name), _registered)}")
    hints = typing.get_type_hints(fault_class)
    given = arguments(
        {key: value for key, value in document.items() if key != "fault"},
        {field.name: hints[field.name] for field in dataclasses.fields(fault_class)},
        what=f"fault {name}",
    )
    for field in dataclasses.fields(fault_class):
        if field.name not in given and field.default is dataclasses.MISSING:
            raise FaultError(f"fault {name}: the parameter {field.name!r} is missing")
    return fault_class(**given)
