"""Family: content coding, chunks and charset."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias
from urllib.parse import urlencode

from oauth_gauntlet_server.faults.base import Fault, FaultContext, register
from oauth_gauntlet_server.faults.parameter_types import Count
from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.wire_steps import EditBody

CodingFlaw: TypeAlias = Literal["none", "truncated", "not-coded", "unlabelled", "corrupt", "twice"]
ChunkFlaw: TypeAlias = Literal["none", "no-last-chunk", "bad-size", "size-too-large", "no-crlf", "with-content-length"]


@register
@dataclass(frozen=True, kw_only=True)
class ContentCoding(Fault):
    """Send the genuine answer compressed (RFC 9110 §8.4.1), correctly or with a flaw.

    The server ignores Accept-Encoding. `flaw`: ``truncated`` (only the first half of the compressed body),
    ``not-coded`` (Content-Encoding without compression), ``unlabelled`` (compression without
    Content-Encoding), ``corrupt`` (one octet of the content changed, in the access token if there is one:
    only the checksum shows it), ``twice`` (compressed twice). Seen: proxies that compress without regard to
    Accept-Encoding, a Content-Encoding left on content that a proxy has decompressed. The Brotli stream
    consists of uncompressed blocks, so the server needs no compressor.
    """

    name: ClassVar[str] = "content_coding"

    coding: Literal["gzip", "deflate", "br"] = "gzip"
    flaw: CodingFlaw = "none"

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer with the compressed body and its Content-Encoding."""
        if not answer.body:
            return answer
        code = _STORING[self.coding] if self.flaw == "corrupt" else _CODERS[self.coding]
        body = answer.body if self.flaw == "not-coded" else code(answer.body)
        label: str = self.coding
        if self.flaw == "truncated":
            body = body[: len(body) // 2]
        elif self.flaw == "corrupt":
            found = _ACCESS_TOKEN.search(body)
            place = found.end() if found else len(body) // 2
            body = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        elif self.flaw == "twice":
            body, label = code(body), f"{self.coding}, {self.coding}"
        return answer.with_body(body).with_header("Content-Encoding", None if self.flaw == "unlabelled" else label)


@register
@dataclass(frozen=True, kw_only=True)
class Chunked(Fault):
    """Send the genuine answer in chunks of `octets` (RFC 9112 §7.1), correctly or with a flaw; then close.

    `flaw`: ``no-last-chunk`` (the last chunk is missing), ``bad-size`` (the size is not hexadecimal),
    ``size-too-large`` (the size is greater than the data), ``no-crlf`` (no CRLF after the data of a chunk),
    ``with-content-length`` (a Content-Length as well). `trailer` adds a trailer field. Seen: most servers
    send chunks; the last chunk is missing when a worker dies.
    """

    name: ClassVar[str] = "chunked"

    octets: Count = 16
    trailer: bool = False
    flaw: ChunkFlaw = "none"

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer with its body in chunks."""
        length = str(len(answer.body)) if self.flaw == "with-content-length" else None
        framed = answer.with_header("Content-Length", length).with_header("Transfer-Encoding", "chunked")
        return framed.with_wire(EditBody(self._chunked))

    def _chunked(self, body: bytes) -> bytes:
        spelled = bytearray()
        for start in range(0, len(body), self.octets):
            data = body[start : start + self.octets]
            size = b"%x" % (len(data) + (1000 if self.flaw == "size-too-large" else 0))
            spelled += (b"zz" if self.flaw == "bad-size" else size) + b"\r\n" + data
            spelled += b"" if self.flaw == "no-crlf" else b"\r\n"
        if self.flaw not in {"no-last-chunk", "size-too-large"}:
            spelled += b"0\r\n" + (b"X-Trailer: after the content\r\n" if self.trailer else b"") + b"\r\n"
        return bytes(spelled)


@register
@dataclass(frozen=True, kw_only=True)
class Charset(Fault):
    """Send the genuine answer in another charset, or with a byte order mark.

    `codec` is the charset of the octets, `label` the charset parameter of Content-Type (null: none), which
    can be wrong. RFC 8259 §8.1 requires UTF-8 without a mark; a client may ignore a mark. Seen: a mark from
    ASP.NET pages, ISO-8859-1 from old Java servlets, a charset parameter with an unknown name.
    """

    name: ClassVar[str] = "charset"

    codec: Literal["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "iso-8859-1"] = "utf-8"
    bom: bool = False
    label: str | None = None

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer with its body encoded by `codec`."""
        text = answer.body.decode("utf-8", "replace")
        body = f"\ufeff{text}".encode(self.codec, "replace") if self.bom else text.encode(self.codec, "replace")
        media_type = (answer.header("Content-Type") or "application/json").partition(";")[0]
        labelled = media_type if self.label is None else f"{media_type};charset={self.label}"
        return answer.with_body(body).with_header("Content-Type", labelled)


@register
@dataclass(frozen=True, kw_only=True)
class FormEncoded(Fault):
    """Send the token document form-encoded in place of JSON.

    Breaks RFC 6749 §5.1. Seen: GitHub unless the client asks for JSON, Facebook's first OAuth, WeChat as
    text/plain.
    """

    name: ClassVar[str] = "form_encoded"

    content_type: str = "application/x-www-form-urlencoded"

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer with its document as a form, or itself if its body is not a JSON object."""
        document = answer.document()
        if document is None:
            return answer
        return answer.with_body(urlencode(document).encode()).with_header("Content-Type", self.content_type)


def _gzip(octets: bytes) -> bytes:
    # A fixed time, so that the same answer always has the same octets.
    return gzip.compress(octets, mtime=0)


def _brotli_stored(octets: bytes) -> bytes:
    """Return a Brotli stream of uncompressed blocks (RFC 7932 §9.2: WBITS 16, ISUNCOMPRESSED 1) and an empty last block."""
    stream = bytearray()
    for start in range(0, len(octets), 0x10000):
        block = octets[start : start + 0x10000]
        bits, width = 0, 0
        fields = ((0, 1),) if start == 0 else ()  # WBITS, once
        # ISLAST, MNIBBLES (0: four nibbles), MLEN - 1, ISUNCOMPRESSED
        for value, size in (*fields, (0, 1), (0, 2), (len(block) - 1, 16), (1, 1)):
            bits |= value << width
            width += size
        stream += bits.to_bytes((width + 7) // 8, "little") + block
    return bytes(stream) + b"\x03"


_CODERS: dict[str, Callable[[bytes], bytes]] = {"gzip": _gzip, "deflate": zlib.compress, "br": _brotli_stored}

# Uncompressed data always decodes after one octet is changed; compressed data might not, depending on the token.
_STORING: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, compresslevel=0, mtime=0),
    "deflate": lambda data: zlib.compress(data, level=0),
    "br": _brotli_stored,
}

_ACCESS_TOKEN = re.compile(rb'"access_token": *"')
