"""Carry out a wire plan on a socket."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

from oauth_gauntlet_server.http.sockets import end_sending, has_ended, reset_on_close, send_and_end
from oauth_gauntlet_server.http.wire_plan import Action, AwaitClient, Close, HalfClose, Plan, Repeat, Reset, Send, Stream, Wait

_CHUNK = 64 * 1024

_CHECK_INTERVAL_S = 1.0
"""How often a wait for the client checks whether the listener stops, in seconds."""


def carry_out(plan: Plan, connection: socket.socket, *, stopping: threading.Event) -> bool:
    """Carry out a plan, and return whether the connection is still open. `stopping` ends every wait early.

    Adjacent `Send` actions are one write. A client that has received the first octet can then receive all of them, even
    if it closes the connection or the server stops meanwhile.

    Raises:
        OSError: the connection failed.
    """
    actions = _joined(plan)
    for action, following in zip(actions, (*actions[1:], None), strict=True):
        if isinstance(action, Send) and isinstance(following, Close):
            send_and_end(connection, action.data)
            return False
        if not _do(action, connection, stopping):
            return False
    return True


def _joined(plan: Plan) -> Plan:
    joined: list[Action] = []
    for action in plan:
        if joined and isinstance(action, Send) and isinstance(before := joined[-1], Send):
            joined[-1] = Send(data=before.data + action.data)
        else:
            joined.append(action)
    return tuple(joined)


def _do(action: Action, connection: socket.socket, stopping: threading.Event) -> bool:
    match action:
        case Send():
            connection.sendall(action.data)
        case Wait():
            return not stopping.wait(action.seconds)
        case Repeat():
            _repeat(action, connection, stopping)
        case Stream():
            return _stream(action, connection, stopping)
        case AwaitClient():
            _await_client(action.seconds, connection, stopping)
        case HalfClose():
            end_sending(connection)
        case Close():
            return False
        case Reset():
            reset_on_close(connection)
            return False
    return True


def _repeat(action: Repeat, connection: socket.socket, stopping: threading.Event) -> None:
    times = max(1, _CHUNK // len(action.data))
    block, left = action.data * times, action.most
    while left > 0 and not stopping.is_set():
        connection.sendall(block[:left])
        left -= len(block)


def _stream(action: Stream, connection: socket.socket, stopping: threading.Event) -> bool:
    for piece in action.pieces:
        if stopping.is_set() or (not piece and has_ended(connection)):
            return False
        if piece:
            connection.sendall(piece)
    return True


def _await_client(seconds: float, connection: socket.socket, stopping: threading.Event) -> None:
    deadline = time.monotonic() + seconds
    while not stopping.is_set() and (left := deadline - time.monotonic()) > 0:
        connection.settimeout(min(left, _CHECK_INTERVAL_S))
        with contextlib.suppress(TimeoutError):
            if not connection.recv(_CHUNK):
                return
