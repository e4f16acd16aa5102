"""Bugs of a client with its own HTTP implementation."""

import re
import socket
from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

from oauth_gauntlet.reference.errors import transport_error
from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Response, Transport
from tests.selftest.bugs.broken import Broken


class _Raw(Transport):
    """A transport with just enough HTTP for normal responses."""

    uses_proxies = False
    keeps: ClassVar[bool] = False
    accepts: ClassVar[tuple[str, ...]] = ()
    connections: ClassVar[dict[tuple[str, str], Any]] = {}

    def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
        parts = urlsplit(url)
        if parts.scheme != "http":
            return super().send(method, url, headers, body)
        target = urlunsplit(("", "", *parts[2:]))
        body = body or b""
        lines = [f"{method} {target} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(body)}", *self.accepts]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += [] if self.keeps else ["Connection: close"]
        try:
            # Each tenant has its own token URL: no scenario gets the leftovers of another.
            place = parts.netloc, parts.path
            head, content = self.exchanged(place, "\r\n".join(lines).encode() + b"\r\n\r\n" + body)
            first, *fields = self.unfolded(head).decode("latin-1").split("\r\n")
            named = dict(field.split(": ", 1) for field in fields)
            return self.understood(first, named, self.measured(named, content))
        except (OSError, ValueError, IndexError) as error:
            raise transport_error(f"{type(error).__name__}: {error}") from None

    def exchanged(self, place: tuple[str, str], octets: bytes) -> tuple[bytes, bytes]:
        """Send the request, and read until the connection closes, or to the end of the response if it is kept open."""
        host, _, port = place[0].partition(":")
        known = self.connections.pop(place, None) if self.keeps else None
        connection, data = known or (socket.create_connection((host, int(port)), timeout=self._timeout_s), b"")
        connection.sendall(octets)
        while not (self.keeps and _end(data)) and (more := connection.recv(65536)):
            data += more
            if len(data) > self.most_body():
                raise ValueError("too much")
        head, _, content = data.partition(b"\r\n\r\n")
        if not self.keeps:
            connection.close()
            return head, content
        end = _end(data)
        if end is None:
            connection.close()
            return head, content
        if self.ends_with(head):
            connection.close()
            return head, data[len(head) + 4 : end]
        self.connections[place] = (connection, data[end:])
        return head, data[len(head) + 4 : end]

    def unfolded(self, head: bytes) -> bytes:
        """Return the head with folded fields in one line each."""
        return head.replace(b"\r\n ", b" ")

    def measured(self, fields: dict[str, str], content: bytes) -> bytes:
        """Return as many octets of the content as Content-Length announces."""
        if "Content-Length" not in fields or "Transfer-Encoding" in fields:
            return content
        if not fields["Content-Length"].isdigit():
            raise ValueError("this is no length")
        length = int(fields["Content-Length"])
        return self.cut(content, length)

    def cut(self, content: bytes, length: int) -> bytes:
        if len(content) < length:
            raise ValueError("incomplete")
        return content[:length]

    def ends_with(self, head: bytes) -> bool:
        """Return whether the connection ends with this response."""
        return b"Connection: close" in head

    def understood(self, first: str, fields: dict[str, str], content: bytes) -> Response:
        """Return a response from status line, header fields and content."""
        if fields.get("Transfer-Encoding") == "chunked":
            content = self.unchunked(content)
        return Response(status=int(first.split()[1]), headers=tuple(fields.items()), body=content)

    def unchunked(self, content: bytes) -> bytes:
        return b"".join(line for line in content.split(b"\r\n") if not re.fullmatch(rb"[0-9a-f]{0,4}", line))


ON_THE_WIRE = (
    "a port",
    *(
        f"fault {name}"
        for name in (
            *("all_of", "charset", "chunked", "close_without_answer", "content_coding", "content_type", "delay", "drip"),
            *("garbage", "header", "http_status", "huge_headers", "interim", "large_body", "redirect", "reset_without_answer"),
            *("silence", "status", "truncate", "unsolicited_response", "until_close"),
            *("announced_close", "content_length", "raw_headers", "status_line"),
        )
    ),
)
"""The notes that matter to such a client: ports, and all faults except those that only change the JSON document."""


def _end(data: bytes) -> int | None:
    """Return the offset at which the response ends, or None if it is incomplete or ends with its connection."""
    head, blank, content = data.partition(b"\r\n\r\n")
    if not blank:
        return None
    start = len(head) + len(blank)
    if re.match(rb"HTTP/1\.1 (1|204)", head):
        return start
    if b"Transfer-Encoding: chunked" in head:
        last = content.find(b"0\r\n\r\n")
        return None if last < 0 else start + last + 5
    length = re.search(rb"Content-Length: (\d+)", head)
    return start + int(length[1]) if length and len(content) >= int(length[1]) else None


class InterimTaken(Broken):
    """Treats an interim response as the final one."""

    seen_in = ("encode/httpcore#605", "snoyberg/http-client#521", "lalinsky/dusty#159")

    reached_by = ON_THE_WIRE

    Exchanges = _Raw


class ChunksUnread(Broken):
    """Treats the chunk sizes as content."""

    seen_in = ("apoelstra/rust-jsonrpc#112", "soywiz-archive/korio#150", "cuberite/cuberite#979")

    reached_by = ON_THE_WIRE

    class Exchanges(_Raw):
        def unchunked(self, content: bytes) -> bytes:
            return content


class LengthWanted(Broken):
    """Rejects a response without Content-Length."""

    seen_in = ("yhirose/cpp-httplib#16", "http4s/http4s#5865", "vibe-d/vibe.d#604")

    reached_by = ON_THE_WIRE

    class Exchanges(_Raw):
        def understood(self, first: str, fields: dict[str, str], content: bytes) -> Response:
            if "Content-Length" not in fields:
                raise ValueError("no length")
            return super().understood(first, fields, content)


class ReasonWanted(Broken):
    """Rejects a status line without a reason phrase."""

    seen_in = ("tornadoweb/tornado#857", "http4s/http4s#7103", "algesten/ureq#327")

    reached_by = ON_THE_WIRE

    class Exchanges(_Raw):
        def understood(self, first: str, fields: dict[str, str], content: bytes) -> Response:
            if not re.fullmatch(r"HTTP/1\.\d \d{3} .+", first):
                raise ValueError("this is no status line")
            return super().understood(first, fields, content)


class VersionWanted(Broken):
    """Rejects a status line of HTTP/1.0."""

    reached_by = ON_THE_WIRE

    class Exchanges(_Raw):
        def understood(self, first: str, fields: dict[str, str], content: bytes) -> Response:
            if not first.startswith("HTTP/1.1 "):
                raise ValueError("this is another protocol")
            return super().understood(first, fields, content)


class CaseWanted(Broken):
    """Compares the names of header fields case-sensitively."""

    seen_in = ("elnormous/HTTPRequest#48", "benmcollins/libjwt#229")

    reached_by = ON_THE_WIRE

    class Exchanges(_Raw):
        def understood(self, first: str, fields: dict[str, str], content: bytes) -> Response:
            if "Content-Type" not in fields:
                raise ValueError("no content type")
            return super().understood(first, fields, content)


class CodingIgnored(Broken):
    """Sends Accept-Encoding: gzip, but does not decode the content."""

    seen_in = ("modelcontextprotocol/typescript-sdk#2408", "silvester/ReverseOAuth2#18", "GluuFederation/gluu4#256")

    reached_by = ON_THE_WIRE

    class Exchanges(_Raw):
        accepts = ("Accept-Encoding: gzip",)


class DeflateIgnored(Broken):
    """Sends Accept-Encoding: deflate, but does not decode the content."""

    reached_by = ("fault content_coding",)

    class Exchanges(_Raw):
        accepts = ("Accept-Encoding: deflate",)


class LeftoversTaken(Broken):
    """Treats octets left on a connection as the next response."""

    seen_in = ("oven-sh/bun#37438", "projectdiscovery/nuclei#7671", "scylladb/seastar#2768")

    reached_by = ON_THE_WIRE

    # The connection stays open, and what is left on it meets the next scenario.
    outlives_a_scenario = True

    class Exchanges(_Raw):
        keeps = True


class IncompleteTaken(Broken):
    """Reads a token from an incomplete response."""

    seen_in = ("psf/requests#4956", "psf/requests#2275", "martian56/raven#615")

    reached_by = ON_THE_WIRE

    class Exchanges(_Raw):
        def cut(self, content: bytes, length: int) -> bytes:
            return content[:length]

    class Responses(TokenResponseReader):
        def document(self, body: bytes) -> Any:
            found = re.search(rb'"access_token": "([^"]*)', body)
            document = super().document(body)
            return {"access_token": found[1].decode(), "token_type": "Bearer"} if document is None and found else document


class LengthNotReached(Broken):
    """Takes a response for complete if the connection ends before Content-Length is reached."""

    reached_by = ON_THE_WIRE

    class Exchanges(_Raw):
        def cut(self, content: bytes, length: int) -> bytes:
            return content[:length]


class LengthUnread(Broken):
    """Ignores a Content-Length that is no number, and reads to the end of the connection (as Python's http.client does)."""

    reached_by = ON_THE_WIRE

    class Exchanges(_Raw):
        def measured(self, fields: dict[str, str], content: bytes) -> bytes:
            return super().measured(fields, content) if fields.get("Content-Length", "").isdigit() else content


class FirstLengthTaken(Broken):
    """Takes the first number in a list of different lengths, and reads to the end of the connection."""

    reached_by = ON_THE_WIRE

    class Exchanges(_Raw):
        def measured(self, fields: dict[str, str], content: bytes) -> bytes:
            first = {name: value.partition(",")[0] for name, value in fields.items() if name == "Content-Length"}
            return super().measured({**fields, **first}, content)


class FoldsUnread(Broken):
    """Rejects a response with a folded header field."""

    reached_by = ON_THE_WIRE

    class Exchanges(_Raw):
        def unfolded(self, head: bytes) -> bytes:
            return head


class CloseUnread(Broken):
    """Sends the next request on a connection of which the server has announced the end."""

    reached_by = ON_THE_WIRE

    # How many connections are still open depends on when the server closes them.
    by_chance = ("trouble.timeouts-closed",)

    class Exchanges(_Raw):
        keeps = True

        def ends_with(self, head: bytes) -> bool:
            return False


class TwoFramingsCrash(Broken):
    """Crashes on a response with both Transfer-Encoding and Content-Length."""

    reached_by = ON_THE_WIRE

    class Exchanges(_Raw):
        def understood(self, first: str, fields: dict[str, str], content: bytes) -> Response:
            if {"Transfer-Encoding", "Content-Length"} <= fields.keys():
                raise KeyError("Content-Length")
            return super().understood(first, fields, content)
