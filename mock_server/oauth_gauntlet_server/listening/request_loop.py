"""The requests of one connection: read one, let it be handled, record it, send the answer, and repeat.

The order matters. An exchange is recorded before the first octet of its answer is sent: a client may act on that octet,
and a test that then reads the journal must find the exchange there.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from typing import TYPE_CHECKING

from oauth_gauntlet_server.http.answer import Answer, json_answer
from oauth_gauntlet_server.http.clock import Clock
from oauth_gauntlet_server.http.handled import ConnectionInfo, Handle, Handled, RecordMalformed
from oauth_gauntlet_server.http.http1 import framed, framed_by_close, serialized, stays_open
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.http.plan_runner import carry_out
from oauth_gauntlet_server.http.request_head import BadRequest
from oauth_gauntlet_server.http.request_reader import Patience, RequestReader
from oauth_gauntlet_server.http.sockets import drain, limit_reads
from oauth_gauntlet_server.http.wire_plan import ByteStream, Close, Plan, Send, Stream, answering, sent_by
from oauth_gauntlet_server.listening.limits import Limits

if TYPE_CHECKING:
    from oauth_gauntlet_server.listening.connection_log import LoggedConnection

log = logging.getLogger(__name__)

_real_time = Clock()


class RequestLoop:
    """Serves connections, each in the thread that calls `run`.

    When `stopping` is set, it ends at once. When `ending` is set, each connection ends after the request in flight, and a
    stream ends at once.
    """

    def __init__(
        self,
        handle: Handle,
        limits: Limits,
        *,
        stopping: threading.Event,
        ending: threading.Event,
        record_malformed: RecordMalformed | None = None,
    ) -> None:
        self._handle = handle
        self._limits = limits
        self._stopping = stopping
        self._ending = ending
        self._record_malformed = record_malformed
        self._in_flight: set[int] = set()

    @property
    def in_flight(self) -> frozenset[int]:
        """The threads (their idents) that are receiving or answering a request at the moment."""
        return frozenset(self._in_flight)

    def run(self, connection: socket.socket, info: ConnectionInfo, logged: LoggedConnection | None = None) -> None:
        """Answer the requests of a connection, one after the other, until the connection ends.

        Raises:
            OSError: the connection failed, or was idle for too long.
        """
        limits = self._limits
        thread, in_flight = threading.get_ident(), self._in_flight

        def receive(most: int) -> bytes:
            data = connection.recv(most)
            in_flight.add(thread)
            return data

        def limit(seconds: float | None) -> None:
            limit_reads(connection, limits.idle_s if seconds is None else seconds)

        patience = Patience(head_s=limits.head_s, head_idle_s=limits.head_idle_s, body_s=limits.body_s, limit_reads=limit)
        reader = RequestReader(receive, connection.sendall, patience)
        try:
            while not self._stopping.is_set():
                try:
                    request = reader.read()
                except BadRequest as bad:
                    if logged is not None:
                        logged.record_malformed(bad.raw, bad.reason)
                    self._refuse(bad, connection)
                    return
                if logged is not None and request is not None:
                    logged.record_request()
                if request is None or not self._exchange(request, connection, info):
                    return
                in_flight.discard(thread)
                # Not before the first request: one that arrived before the end is answered.
                if self._ending.is_set():
                    return
        finally:
            in_flight.discard(thread)

    def _exchange(self, request: RecordedRequest, connection: socket.socket, info: ConnectionInfo) -> bool:
        """Answer one request, and return whether the connection may be used again."""
        try:
            handled = self._handle(request, info)
        except Exception:
            log.exception("the application failed on %s %s", request.method, request.path)
            handled = Handled(answer=json_answer(500, {"error": "server_error"}))
        if handled.answer.stream is not None:
            with contextlib.closing(handled.answer.stream) as stream:
                return self._stream(handled.answer, stream, connection)
        now = _real_time.now() if handled.now is None else handled.now
        keeps_alive = stays_open(request) and not self._ending.is_set()
        answer, keep_alive = framed(handled.answer, method=request.method, keep_alive=keeps_alive, now=now)
        octets = serialized(answer)
        plan: Plan = (Send(data=octets),)
        if answer.wire:
            plan = answering(octets[: len(octets) - len(answer.body)], answer.body)
            for step in answer.wire:
                plan = step.apply(plan)
        sent = sent_by(plan)
        with handled.sending():
            handled.record(answer.recorded(sent) if sent else None)
            return carry_out(plan, connection, stopping=self._stopping) and keep_alive

    def _stream(self, answer: Answer, stream: ByteStream, connection: socket.socket) -> bool:
        head = serialized(framed_by_close(answer, now=_real_time.now()))
        return carry_out((Send(data=head), Stream(pieces=stream), Close()), connection, stopping=self._ending)

    def _refuse(self, bad: BadRequest, connection: socket.socket) -> None:
        text = Answer(status=bad.status, headers=(("Content-Type", "text/plain"),), body=f"{bad.reason}\n".encode())
        answer, _ = framed(text, method="GET", keep_alive=False, now=_real_time.now())
        octets = serialized(answer)
        if self._record_malformed is not None:
            self._record_malformed(bad, answer.recorded(octets))
        connection.sendall(octets)
        drain(connection)
