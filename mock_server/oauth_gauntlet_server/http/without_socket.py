"""Delivery of an answer where no socket is ours: behind another WSGI server, or inside the client's process.

A step that only waits is done here by sleeping. A step that needs the socket cannot be done: then the answer is a 501
that tells the user which server can do it.
"""

from __future__ import annotations

import time

from oauth_gauntlet_server.http.answer import Answer, json_answer
from oauth_gauntlet_server.http.handled import Handled


def delivered(handled: Handled) -> Answer:
    """Return the answer to send, after its waits, and record it."""
    answer = _without_socket(handled.answer)
    for step in answer.wire:
        time.sleep(step.delay_s)
    handled.record(answer.recorded())
    return answer


def _without_socket(answer: Answer) -> Answer:
    if any(step.needs_socket for step in answer.wire):
        answer = json_answer(
            501,
            {
                "error": "fault_needs_socket",
                "error_description": "this fault works on the connection itself; run the server with oauth-gauntlet serve",
            },
        )
    if answer.stream is not None or answer.header("content-length") is not None or answer.status in {204, 304}:
        return answer
    return answer.with_header("Content-Length", str(len(answer.body)))
