"""What is done to a connected socket, plain or TLS, below any protocol of ours.

Nothing here imports `ssl`: a socket that is no plain one is a TLS one, and plain HTTP starts the quicker without it.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import time

_LINGER = struct.Struct("ii")
_TIMEVAL = struct.Struct("@ll")

# The methods of the plain socket, which on a TLS one reach below TLS.
_recv = socket.socket.recv
_shutdown = socket.socket.shutdown


def scheme_of(connection: socket.socket) -> str:
    """Return the scheme of URLs that are asked for over this connection."""
    return "http" if type(connection) is socket.socket else "https"


def peek(connection: socket.socket, most: int) -> bytes:
    """Wait for octets and return them as they are on the wire, unread; none when the other side has ended.

    Raises:
        OSError: the connection failed, or its time limit passed.
    """
    return _recv(connection, most, socket.MSG_PEEK)


def has_ended(connection: socket.socket) -> bool:
    """Whether the other side has ended the connection, as far as can be told without waiting.

    Raises:
        OSError: the connection failed.
    """
    limit = connection.gettimeout()
    connection.settimeout(0)
    try:
        return not _recv(connection, 1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    finally:
        connection.settimeout(limit)


def reset_on_close(connection: socket.socket) -> None:
    """Make closing this connection a reset (RFC 9293 §3.5.2): nothing is sent any more, unread octets are dropped."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER.pack(1, 0))


def limit_waits(connection: socket.socket, seconds: float) -> None:
    """Limit each wait on a plain connection by the system (SO_RCVTIMEO, SO_SNDTIMEO), in seconds.

    A time limit of Python's polls before each read and write, a call more than the work itself. A limit that passed shows
    as `BlockingIOError`. Where the system has no such options, the limit is Python's.
    """
    limit = _TIMEVAL.pack(int(seconds), int(seconds % 1 * 1_000_000))
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
    except OSError:
        connection.settimeout(seconds)
    else:
        connection.settimeout(None)


def end_sending(connection: socket.socket) -> None:
    """Close the sending half of the connection (FIN), below TLS where there is TLS.

    Raises:
        OSError: the connection has ended.
    """
    _shutdown(connection, socket.SHUT_WR)


def send_to_its_end(connection: socket.socket, octets: bytes) -> None:
    """Send, and close the sending half of a plain connection in one segment, where the system can hold back the last octets.

    A client that has read the answer can then see that the connection has ended, and begins no other request on it.

    Raises:
        OSError: the connection failed.
    """
    if type(connection) is socket.socket:
        connection.sendall(octets, getattr(socket, "MSG_MORE", 0))
        _shutdown(connection, socket.SHUT_WR)
    else:
        connection.sendall(octets)


def say_goodbye(connection: socket.socket) -> None:
    """Send the close_notify that TLS wants before the end (RFC 8446 §6.1), unless the end is to be a reset."""
    if type(connection) is socket.socket:
        return
    # ValueError: it was unwrapped or closed already. OSError: the client's own goodbye has not come yet, or it is gone.
    with contextlib.suppress(OSError, ValueError):
        resets, _ = _LINGER.unpack(connection.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER.size))
        if not resets:
            connection.settimeout(0)
            connection.unwrap()  # type: ignore[attr-defined]


def drain(connection: socket.socket) -> None:
    """End our side in an orderly way and read what is still coming, for a moment.

    Closing with unread octets would reset away what was sent last.
    """
    say_goodbye(connection)
    with contextlib.suppress(OSError):
        _shutdown(connection, socket.SHUT_WR)
        connection.settimeout(0.2)
        deadline = time.monotonic() + 1.0
        while _recv(connection, 65536) and time.monotonic() < deadline:
            pass


def wake(connection: socket.socket) -> None:
    """End a connection from another thread: whoever waits on it comes back.

    Not by the TLS socket's own shutdown, which would take its state away under the thread that uses it.
    """
    with contextlib.suppress(OSError):
        _shutdown(connection, socket.SHUT_RDWR)
