"""Broken copies of the reference client, below its parsing: HTTP, TLS, sizes, callers at once.

The value of a bug names every scenario that has to notice it.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

import httpx

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.reference import transport as reference_transport
from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.errors import transport_error
from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Response, Transport

_CERTIFICATES = (
    "untrusted.untrusted_authority",
    "untrusted.incomplete_chain",
    "self-signed",
    "expired.expired",
    "expired.not_yet_valid",
    "wrong-host",
)


class Bug(Enum):
    """A bug, and the scenarios that have to catch it."""

    TOKEN_FOLLOWS = ("resource.cross-origin-redirect.302[password]", "resource.cross-origin-redirect.307[password]")
    FOLLOWS_ANYWHERE = ("http.redirect-cross-origin.307[password]", "http.redirect-cross-origin.308[jwt-bearer]")
    FOLLOWS_FOR_EVER = ("http.redirect-loop[client_credentials]",)
    BODY_INTO_URL = ("http.redirect-same-origin.302[password]",)
    INTERIM_TAKEN = ("http.1xx.early-hints[password]", "http.1xx.continue[password]", "http.1xx.several[password]")
    CHUNKS_UNREAD = ("http.chunked.plain[password]", "http.chunked.trailer[password]")
    LENGTH_WANTED = ("http.until-close[password]",)
    REASON_WANTED = ("http.status-line.no-reason[password]", "http.status-line.http-1.0[password]")
    CASE_WANTED = ("http.header-case[password]",)
    CODING_IGNORED = ("http.content-coding.gzip[password]",)
    RAW_JSON_ERRORS = (
        "parse.not-quite-json.invalid-utf-8[password]",
        "parse.not-quite-json.leading-zero[password]",
        "parse.not-quite-json.comment[password]",
        "parse.form-encoded.labelled[password]",
        "parse.form-encoded.as-text[password]",
        "parse.charset.bom[password]",
        "http.content-coding-broken.unlabelled[password]",
        "http.other-2xx.no-content[password]",
        "limits.deep-nesting.array[password]",
        "limits.deep-nesting.object[password]",
    )
    COOKIES_KEPT = ("http.cookies[password]",)
    ANSWERS_CACHED = ("http.not-cached[password]",)
    CONNECTION_TRUSTED = ("http.connection-reuse[client_credentials]",)
    LEFTOVERS_TAKEN = ("wire.extra-response[client_credentials]",)
    USERINFO_SENT = ("http.userinfo[client_credentials]",)
    INCOMPLETE_TAKEN = (
        "wire.truncated.length[password]",
        "wire.truncated.chunk[password]",
        "wire.last-chunk-missing[password]",
    )
    RAW_ERRORS = (
        "wire.refused[password]",
        "wire.closed[password]",
        "wire.reset.without-answer[password]",
        "wire.reset.in-head[password]",
        "wire.reset.in-body[password]",
        "wire.reset-on-accept.reset_on_accept[password]",
        "wire.reset-on-accept.accept_and_close[password]",
        "wire.reset-on-accept.reset_before_read[password]",
        "wire.garbage.binary[password]",
        "wire.garbage.banner[password]",
        "wire.garbage.http-0.9[password]",
        "wire.huge-headers.one-large[password]",
        "http.content-coding-broken.not-coded[password]",
        "tls.handshake-trouble.plain_on_tls[password]",
        "tls.handshake-trouble.tls_reset_in_handshake[password]",
        "tls.handshake-trouble.accept_and_close[password]",
        "limits.huge-body[client_credentials]",
    )
    TRIES_FOR_EVER = ("wire.closed[refresh_token]", "wire.reset.without-answer[refresh_token]")
    NO_TIME_LIMIT = (
        "wire.silence.after-request[password]",
        "wire.silence.after-accept[password]",
        "wire.drip[client_credentials]",
        "tls.handshake-stall[password]",
    )
    IMPATIENT = ("wire.slow[password]",)
    UNVERIFIED = tuple(f"tls.{kind}[client_credentials]" for kind in _CERTIFICATES)
    OLD_TLS = ("tls.old-protocol.1.0[password]", "tls.old-protocol.1.1[password]")
    AUTHORITY_IGNORED = ("tls.trusted-works[password]",)
    TOKEN_CUT = ("limits.long-token.8k[password]", "limits.long-token.64k[password]", "limits.long-token-used[password]")
    SURROGATES_PRINTED = ("parse.not-quite-json.lone-surrogate[password]",)
    NUMBERS_COUNTED = ("parse.not-quite-json.nan[password]", "parse.not-quite-json.infinity[password]")
    CHARSET_REFUSED = ("parse.charset.utf-8[password]", "parse.charset.upper[password]")
    DUPLICATES_JOINED = ("parse.duplicate-members.first[password]", "parse.duplicate-members.last[password]")
    DATE_BELIEVED = ("expiry.date-header-ignored.behind[password]", "expiry.date-header-ignored.ahead[password]")
    SECRET_INJECTS = ("config.header-injection.crlf[client_credentials]", "config.header-injection.lf[client_credentials]")
    FEW_MEMBERS = ("limits.many-members[password]",)
    READS_FOR_EVER = ("limits.endless-body[client_credentials]",)
    UNLOCKED = ("concurrency.single-flight.8[password]", "concurrency.rotation-survives.8[refresh_token]")
    ONE_IS_SERVED = ("concurrency.same-answer.2[password]", "concurrency.same-answer.8[password]")


_RAW = {
    Bug.INTERIM_TAKEN,
    Bug.CHUNKS_UNREAD,
    Bug.LENGTH_WANTED,
    Bug.REASON_WANTED,
    Bug.CASE_WANTED,
    Bug.CODING_IGNORED,
    Bug.INCOMPLETE_TAKEN,
    Bug.LEFTOVERS_TAKEN,
}

_connections: dict[str, Any] = {}


class _Sloppy(Transport):
    """Exchanges with one bug."""

    def __init__(self, bug: Bug, *, ca_file: str | None, timeout_s: float) -> None:
        self.bug = bug
        self.cache: dict[str, Response] = {}
        timeout_s = {Bug.NO_TIME_LIMIT: 60.0, Bug.IMPATIENT: 0.2}.get(bug, timeout_s)
        super().__init__(ca_file=None if bug is Bug.AUTHORITY_IGNORED else ca_file, timeout_s=timeout_s)

    def client(self, verify: Any) -> httpx.AsyncClient:
        if self.bug is Bug.UNVERIFIED:
            verify = False
        if self.bug is Bug.OLD_TLS and isinstance(verify, ssl.SSLContext):
            verify.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
            verify.set_ciphers("ALL:@SECLEVEL=0")
        if self.bug is Bug.COOKIES_KEPT:
            return _connections.setdefault("cookies", httpx.AsyncClient(trust_env=False, timeout=30))
        follow = self.bug is Bug.FOLLOWS_ANYWHERE
        return httpx.AsyncClient(verify=verify, trust_env=False, follow_redirects=follow, timeout=60)

    def close(self) -> None:
        if self.bug is not Bug.COOKIES_KEPT:
            super().close()

    def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
        if self.bug in _RAW:
            return self.raw(url, headers, body)
        if self.bug is Bug.CONNECTION_TRUSTED:
            return self.trusted(url, headers, body)
        if self.bug is Bug.ANSWERS_CACHED:
            if (url, body) not in _connections:
                _connections[(url, body)] = super().send(method, url, headers, body)
            return _connections[(url, body)]
        if self.bug is Bug.RAW_ERRORS:
            try:
                return super().send(method, url, headers, body)
            except ClientFailure as failure:
                raise KeyError(str(failure)) from None
        if self.bug is Bug.TRIES_FOR_EVER:
            for _ in range(5):
                try:
                    return super().send(method, url, headers, body)
                except ClientFailure:
                    continue
        if self.bug is Bug.SECRET_INJECTS and body and b"X-Injected" in body:
            headers = {**headers, "X-Injected": "1"}
        response = super().send(method, url, headers, body)
        location = response.header("location")
        if self.bug is Bug.TOKEN_FOLLOWS and location:
            return super().send(method, location, headers, body)
        if self.bug is Bug.FOLLOWS_FOR_EVER and location:
            for _ in range(100):
                response = super().send(method, location, headers, body)
        if self.bug is Bug.BODY_INTO_URL and location:
            return super().send("GET", f"{location}?{body.decode()}", headers, None)
        return response

    def trusted(self, url: str, headers: Any, body: Any) -> Response:
        """Use the connection that there is, and do not ask whether it is still there."""
        parts = urlsplit(url)
        connection = _connections.setdefault(parts.netloc, http.client.HTTPConnection(parts.netloc, timeout=20))
        connection.auto_open = connection.sock is None
        try:
            connection.request("POST", parts.path, body, headers)
            answer = connection.getresponse()
            text = answer.read()
        except (http.client.HTTPException, OSError) as error:
            _connections.pop(parts.netloc)
            raise transport_error(str(error)) from None
        return Response(status=answer.status, headers=tuple(answer.getheaders()), body=text)

    def raw(self, url: str, headers: Any, body: Any) -> Response:
        """Speak just as much HTTP as the happy path needs."""
        parts = urlsplit(url)
        keep = self.bug is Bug.LEFTOVERS_TAKEN
        lines = [f"POST {parts.path} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += [] if keep else ["Connection: close"]
        lines += ["Accept-Encoding: gzip"] if self.bug is Bug.CODING_IGNORED else []
        known = _connections.pop(parts.netloc, None) if keep else None
        connection, buffered = known or (socket.create_connection((parts.hostname, parts.port), timeout=20), b"")
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        data = buffered
        while (more := b"" if keep and _whole(data) else connection.recv(65536)) != b"":
            data += more
        head, _, content = data.partition(b"\r\n\r\n")
        first, *fields = head.decode("latin-1").split("\r\n")
        said = dict(field.split(": ", 1) for field in fields)
        if keep:
            length = int(said["Content-Length"])
            _connections[parts.netloc] = (connection, content[length:])
            content = content[:length]
        else:
            connection.close()
        return self.understood(first, said, content)

    def understood(self, first: str, said: dict[str, str], content: bytes) -> Response:
        if self.bug is Bug.REASON_WANTED and not re.fullmatch(r"HTTP/1\.1 \d{3} .+", first):
            raise transport_error("that is no status line")
        if self.bug is Bug.LENGTH_WANTED and "Content-Length" not in said:
            raise transport_error("no length")
        if self.bug is Bug.CASE_WANTED and "Content-Type" not in said:
            raise transport_error("no content type")
        if said.get("Transfer-Encoding") == "chunked" and self.bug is not Bug.CHUNKS_UNREAD:
            content = b"".join(line for line in content.split(b"\r\n") if not re.fullmatch(rb"[0-9a-f]{0,4}", line))
        return Response(status=int(first.split()[1]), headers=tuple(said.items()), body=content)


def _whole(data: bytes) -> bool:
    head, end, content = data.partition(b"\r\n\r\n")
    length = re.search(rb"Content-Length: (\d+)", head)
    if not end or length is None:
        return False
    return len(content) >= int(length[1])


class _Responses(TokenResponseReader):
    """Answers read with one bug."""

    def __init__(self, bug: Bug) -> None:
        self.bug = bug

    def is_success(self, status: int) -> bool:
        return 200 <= status < 300 if self.bug is Bug.RAW_JSON_ERRORS else super().is_success(status)

    def document(self, body: bytes) -> Any:
        if self.bug is Bug.RAW_JSON_ERRORS:
            return json.loads(body.decode())
        if self.bug is Bug.INCOMPLETE_TAKEN and (found := re.search(rb'"access_token": "([^"]*)', body)):
            return {"access_token": found[1].decode(), "token_type": "Bearer"}
        document = super().document(body)
        if self.bug is Bug.DUPLICATES_JOINED and document:
            pairs = json.loads(body, object_pairs_hook=list)
            document["access_token"] = " ".join(str(value) for name, value in pairs if name == "access_token")
        if self.bug is Bug.SURROGATES_PRINTED and document:
            str(document.get("gauntlet_note")).encode()
        if self.bug is Bug.NUMBERS_COUNTED and document and isinstance(document.get("gauntlet_note"), float):
            int(document["gauntlet_note"])
        if self.bug is Bug.FEW_MEMBERS and document and len(document) > 1000:
            raise IndexError("too many members")
        return document

    def read(self, response: Response) -> Any:
        if self.bug is Bug.CHARSET_REFUSED and "charset" in (response.header("content-type") or ""):
            raise transport_error("that is no JSON")
        granted = super().read(response)
        if self.bug is Bug.DATE_BELIEVED and (date := response.header("date")):
            off = parsedate_to_datetime(date).timestamp() - time.time()
            if abs(off) > 86_400:
                return replace(granted, expires_in=max(0.0, (granted.expires_in or 0) + off))
        return granted

    def access_token(self, document: Any) -> str:
        token = super().access_token(document)
        return token[:4096] if self.bug is Bug.TOKEN_CUT else token


class _Configurations(ConfigurationReader):
    """Configurations read with one bug."""

    def __init__(self, bug: Bug) -> None:
        self.bug = bug

    def check_url(self, url: str, *, allow_http: bool) -> None:
        if self.bug is not Bug.USERINFO_SENT:
            super().check_url(url, allow_http=allow_http)


class _Unlocked:
    def __enter__(self) -> None: ...

    def __exit__(self, *args: object) -> None: ...


class Mutant(ReferenceClient):
    """The reference client with one bug."""

    def __init__(self, bug: Bug) -> None:
        self.bug = bug
        super().__init__()
        if bug is Bug.UNLOCKED:
            self._lock = _Unlocked()  # type: ignore[assignment]
        if bug is Bug.READS_FOR_EVER:
            reference_transport.MOST_BODY = 2**40
        self._busy = threading.Lock()

    def configuration_reader(self) -> ConfigurationReader:
        return _Configurations(self.bug)

    def request_builder(self, configuration: Any) -> Any:
        builder = super().request_builder(configuration)
        if self.bug is Bug.SECRET_INJECTS and "X-Injected" in (configuration.client_secret or ""):
            encoded = builder.body
            builder.body = lambda pairs: encoded([*pairs, ("note", "X-Injected")])
        return builder

    def new_transport(self, configuration: Any) -> Transport:
        return _Sloppy(self.bug, ca_file=configuration.ca_file, timeout_s=configuration.timeout_s)

    def response_reader(self) -> TokenResponseReader:
        return _Responses(self.bug)

    def get_token(self) -> Any:
        if self.bug is not Bug.ONE_IS_SERVED:
            return super().get_token()
        if not self._busy.acquire(blocking=False):
            raise transport_error("somebody else is asking already")
        return super().get_token()


def __getattr__(name: str) -> Callable[[], Mutant]:
    """Return the factory of the mutant of a bug's name: the spec ``py:transport_mutants:UNVERIFIED`` works."""
    if name in Bug.__members__:
        return lambda: Mutant(Bug[name])
    raise AttributeError(name)
