"""Operations on a connected socket, plain or TLS, below HTTP.

Nothing here imports `ssl`, because plain HTTP starts faster without it: a socket that is not a plain one is a TLS one.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import time

_LINGER = struct.Struct("ii")
_TIMEVAL = struct.Struct("@ll")

# The methods of the plain socket class; on a TLS socket they work below TLS.
_recv = socket.socket.recv
_shutdown = socket.socket.shutdown


def scheme_of(connection: socket.socket) -> str:
    """Return the URL scheme of requests over this connection."""
    return "http" if type(connection) is socket.socket else "https"


def peek(connection: socket.socket, most: int) -> bytes:
    """Wait for octets and return them without consuming them; below TLS. Empty if the other side has closed.

    Raises:
        OSError: the connection failed, or its timeout passed.
    """
    return _recv(connection, most, socket.MSG_PEEK)


def has_ended(connection: socket.socket) -> bool:
    """Return whether the other side has closed the connection, as far as is known without waiting.

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
    """Make `close` reset this connection (RFC 9293 §3.5.2): octets that are not sent yet are dropped."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER.pack(1, 0))


def limit_waits(connection: socket.socket, seconds: float) -> None:
    """Limit each read and write on a plain connection by the system's timeout (SO_RCVTIMEO, SO_SNDTIMEO), in seconds.

    Python's own timeout costs one more system call (poll) before each read and write. When the system's timeout passes,
    the call raises `BlockingIOError`. If the system has no such options, Python's timeout is set instead.
    """
    limit = _TIMEVAL.pack(int(seconds), int(seconds % 1 * 1_000_000))
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
    except OSError:
        connection.settimeout(seconds)
    else:
        connection.settimeout(None)


def limit_reads(connection: socket.socket, seconds: float) -> None:
    """Limit each read on a connection, as `limit_waits` did or as Python's timeout does, in seconds."""
    if connection.gettimeout() is not None:
        connection.settimeout(seconds)
    else:
        connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_RCVTIMEO, _TIMEVAL.pack(int(seconds), max(int(seconds % 1 * 1_000_000), 1))
        )


def end_sending(connection: socket.socket) -> None:
    """Close the sending half of the connection (FIN), below TLS.

    Raises:
        OSError: the connection is closed already.
    """
    _shutdown(connection, socket.SHUT_WR)


def send_and_end(connection: socket.socket, octets: bytes) -> None:
    """Send the last octets; on a plain connection send the FIN in the same segment, if the system has MSG_MORE.

    A client that has read the whole answer then also sees that the connection is closed, and sends no other request on it.

    Raises:
        OSError: the connection failed.
    """
    if type(connection) is socket.socket:
        connection.sendall(octets, getattr(socket, "MSG_MORE", 0))
        _shutdown(connection, socket.SHUT_WR)
    else:
        connection.sendall(octets)


def send_close_notify(connection: socket.socket) -> None:
    """Send the close_notify that TLS requires before the end (RFC 8446 §6.1), unless `close` will reset the connection."""
    if type(connection) is socket.socket:
        return
    # ValueError: it was unwrapped or closed already. OSError: the client's close_notify has not arrived, or it is gone.
    with contextlib.suppress(OSError, ValueError):
        resets, _ = _LINGER.unpack(connection.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER.size))
        if not resets:
            connection.settimeout(0)
            connection.unwrap()  # type: ignore[attr-defined]


def drain(connection: socket.socket) -> None:
    """Close our half, then read and discard what the client still sends, for about a second.

    Closing a socket with unread octets resets the connection, and the client could lose the response sent before.
    """
    send_close_notify(connection)
    with contextlib.suppress(OSError):
        _shutdown(connection, socket.SHUT_WR)
        connection.settimeout(0.2)
        deadline = time.monotonic() + 1.0
        while _recv(connection, 65536) and time.monotonic() < deadline:
            pass


def stop_receiving(connection: socket.socket) -> None:
    """Make the end of what has arrived the end of the connection's input; works below TLS, from another thread.

    A thread that waits for a request continues with an end of file. One that arrived before can still be answered.
    """
    with contextlib.suppress(OSError):
        _shutdown(connection, socket.SHUT_RD)


def wake(connection: socket.socket) -> None:
    """Shut down a connection from another thread, so that a thread that waits on it continues.

    Works below TLS: shutdown of the TLS socket would discard its state while another thread uses it.
    """
    with contextlib.suppress(OSError):
        _shutdown(connection, socket.SHUT_RDWR)
