"""Record octets that are no request: the parser refused them."""

from __future__ import annotations

from oauth_gauntlet_server.application.core import RecordingTenant
from oauth_gauntlet_server.http.endpoints import MALFORMED
from oauth_gauntlet_server.http.handled import RecordMalformed
from oauth_gauntlet_server.http.http_request import RecordedRequest, RecordedResponse
from oauth_gauntlet_server.http.request_head import BadRequest

_MOST_WORD = 2_000
"""The most characters of a method or a target that are taken from octets that are no request line."""


def malformed_recorder(outside: RecordingTenant) -> RecordMalformed:
    """Return a function that records what a client sent in the journal of the requests that belong to no tenant."""

    def record(bad: BadRequest, response: RecordedResponse) -> None:
        outside.journal.record(
            endpoint=MALFORMED.name,
            request=malformed_request(bad.raw),
            response=response,
            received_at=outside.clock.now(),
        )

    return record


def malformed_request(raw: bytes) -> RecordedRequest:
    """Return the octets as a recorded request: method and target are the first words, as far as there are any."""
    line = raw.partition(b"\n")[0].rstrip(b"\r").decode("latin-1")
    method, _, rest = line.partition(" ")
    target, _, version = rest.partition(" ")
    return RecordedRequest(
        method=method[:_MOST_WORD],
        target=target[:_MOST_WORD],
        http_version=version.removeprefix("HTTP/")[:8],
        headers=(),
        body=b"",
        raw=raw,
    )
