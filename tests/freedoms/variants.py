"""Correct clients that are not the reference client: each takes one freedom that RFC and practice leave."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import Capability
from oauth_gauntlet.reference import assertion
from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.errors import configuration_error, protocol_error, transport_error
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Response, Transport


class Freedom(Enum):
    """A freedom that a correct client may take."""

    BODY_BY_DEFAULT = auto()
    SPACE_AS_PERCENT_20 = auto()
    LOWER_CASE_HEX = auto()
    EVERYTHING_ENCODED = auto()
    ORDER_REVERSED = auto()
    CHARSET_NAMED = auto()
    NO_ACCEPT = auto()
    NO_LEEWAY = auto()
    LEEWAY_OF_FIVE_MINUTES = auto()
    NO_CACHE = auto()
    NO_RETRY_AFTER_401 = auto()
    ODD_LIFETIME_REFUSED = auto()
    UNKNOWN_MEMBERS_DROPPED = auto()
    CREATED_TAKEN = auto()
    SAME_ORIGIN_FOLLOWED = auto()
    CONNECTION_CLOSED_EACH_TIME = auto()
    ONE_REPLAY = auto()
    SMALL_ANSWERS_ONLY = auto()
    AUDIENCE_AS_LIST = auto()
    NO_JTI = auto()
    NOT_BEFORE_SAID = auto()
    ASSERTION_OF_AN_HOUR = auto()
    NON_STRING_PAYLOAD_REFUSED = auto()
    FRAGMENT_DROPPED = auto()
    NULL_REFRESH_TOKEN_REFUSED = auto()
    BOM_REFUSED = auto()
    HTTP_1_0 = auto()


COULD_MIND = {
    Freedom.BODY_BY_DEFAULT: "auth. or request. or encoding. or config.",
    Freedom.SPACE_AS_PERCENT_20: "encoding. or scope. or request. or auth. or payload.",
    Freedom.LOWER_CASE_HEX: "encoding. or auth. or payload.",
    Freedom.EVERYTHING_ENCODED: "encoding. or auth. or payload. or request.",
    Freedom.ORDER_REVERSED: "request. or payload. or refresh. or jwt.",
    Freedom.CHARSET_NAMED: "request. or encoding.",
    Freedom.NO_ACCEPT: "request. or http.",
    Freedom.NO_LEEWAY: "expiry. or refresh. or concurrency. or story.",
    Freedom.LEEWAY_OF_FIVE_MINUTES: "expiry. or refresh. or concurrency. or story.",
    Freedom.NO_CACHE: "expiry. or request. or refresh. or resource. or story.",
    Freedom.NO_RETRY_AFTER_401: "resource. or story.",
    Freedom.ODD_LIFETIME_REFUSED: "parse. or expiry.",
    Freedom.UNKNOWN_MEMBERS_DROPPED: "parse. or limits.",
    Freedom.CREATED_TAKEN: "http. or error.",
    Freedom.SAME_ORIGIN_FOLLOWED: "http. or error.",
    Freedom.CONNECTION_CLOSED_EACH_TIME: "http. or wire. or request.",
    Freedom.ONE_REPLAY: "wire. or refresh.not-replayed or error. or story.",
    Freedom.SMALL_ANSWERS_ONLY: "limits. or parse.",
    Freedom.AUDIENCE_AS_LIST: "jwt. or config.",
    Freedom.NO_JTI: "jwt.",
    Freedom.NOT_BEFORE_SAID: "jwt.",
    Freedom.ASSERTION_OF_AN_HOUR: "jwt.",
    Freedom.NON_STRING_PAYLOAD_REFUSED: "payload. or config.",
    Freedom.FRAGMENT_DROPPED: "config.",
    Freedom.NULL_REFRESH_TOKEN_REFUSED: "refresh. or parse.",
    Freedom.BOM_REFUSED: "parse.",
    Freedom.HTTP_1_0: "http. or request. or encoding. or error.",
}
"""The scenarios that could take offence at a freedom, as a keyword expression."""


class _Configurations(ConfigurationReader):
    def __init__(self, freedom: Freedom) -> None:
        self.freedom = freedom

    def read(self, given: Any) -> Any:
        if self.freedom is Freedom.FRAGMENT_DROPPED and isinstance(given.get("token_url"), str):
            given = {**given, "token_url": given["token_url"].partition("#")[0]}
        if self.freedom is Freedom.BODY_BY_DEFAULT:
            given = {"token_endpoint_auth_method": "client_secret_post", **given}
        return super().read(given)

    def payload_text(self, member: Any) -> str:
        if self.freedom is Freedom.NON_STRING_PAYLOAD_REFUSED and not isinstance(member, str):
            raise configuration_error("additional_payload: its values are text here")
        return super().payload_text(member)


class _Requests(TokenRequestBuilder):
    freedom: Freedom

    def parameters(self, *args: Any, **kwargs: Any) -> list[tuple[str, str]]:
        pairs = super().parameters(*args, **kwargs)
        return pairs[::-1] if self.freedom is Freedom.ORDER_REVERSED else pairs

    def encoded(self, text: str) -> str:
        if self.freedom is Freedom.SPACE_AS_PERCENT_20:
            return quote(text, safe="", errors="replace")
        if self.freedom is Freedom.EVERYTHING_ENCODED:
            return "".join(f"%{octet:02X}" for octet in text.encode("utf-8", "replace"))
        encoded = super().encoded(text)
        if self.freedom is Freedom.LOWER_CASE_HEX:
            head, *rest = encoded.split("%")
            return "%".join([head, *(part[:2].lower() + part[2:] for part in rest)])
        return encoded

    def headers(self) -> dict[str, str]:
        headers = super().headers()
        if self.freedom is Freedom.CHARSET_NAMED:
            headers["Content-Type"] += ";charset=UTF-8"
        if self.freedom is Freedom.NO_ACCEPT:
            del headers["Accept"]
        if self.freedom is Freedom.CONNECTION_CLOSED_EACH_TIME:
            headers["Connection"] = "close"
        return headers

    def assertion(self, now: float) -> str:
        c = self.configuration
        claims = assertion.claims(
            issuer=c.jwt_issuer or "", subject=c.jwt_subject or "", audience=c.jwt_audience or "", now=now
        )
        match self.freedom:
            case Freedom.AUDIENCE_AS_LIST:
                claims["aud"] = [claims["aud"]]
            case Freedom.NO_JTI:
                del claims["jti"]
            case Freedom.NOT_BEFORE_SAID:
                claims["nbf"] = claims["iat"]
            case Freedom.ASSERTION_OF_AN_HOUR:
                claims["exp"] = claims["iat"] + 3600
            case _:
                return super().assertion(now)
        assert c.private_key is not None
        return assertion.sign(claims, c.jwt_header, c.private_key)


class _Responses(TokenResponseReader):
    def __init__(self, freedom: Freedom) -> None:
        self.freedom = freedom

    def is_success(self, status: int) -> bool:
        return status in {200, 201} if self.freedom is Freedom.CREATED_TAKEN else super().is_success(status)

    def document(self, body: bytes) -> Any:
        if self.freedom is Freedom.BOM_REFUSED and body.startswith(b"\xef\xbb\xbf"):
            return None
        return super().document(body)

    def expires_in(self, document: Any) -> float | None:
        found = super().expires_in(document)
        if self.freedom is Freedom.ODD_LIFETIME_REFUSED and found is None and document.get("expires_in") is not None:
            raise protocol_error("expires_in is no number of seconds")
        return found

    def refresh_token(self, document: Any) -> str | None:
        refused = self.freedom is Freedom.NULL_REFRESH_TOKEN_REFUSED and not document.get("refresh_token", "absent")
        if refused:
            raise protocol_error("refresh_token is no token")
        return super().refresh_token(document)

    def extra(self, document: Any) -> Any:
        return {} if self.freedom is Freedom.UNKNOWN_MEMBERS_DROPPED else super().extra(document)


class _Transport(Transport):
    freedom: Freedom

    def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
        if self.freedom is Freedom.HTTP_1_0 and url.startswith("http:"):
            return _by_http_1_0(method, url, headers, body)
        try:
            response = super().send(method, url, headers, body)
        except ClientFailure as failure:
            if self.freedom is not Freedom.ONE_REPLAY or failure.error.kind != "transport":
                raise
            response = super().send(method, url, headers, body)
        if self.freedom is Freedom.SMALL_ANSWERS_ONLY and len(response.body) > 100_000:
            raise protocol_error("the answer is larger than 100,000 octets", response.status)
        location = response.header("location")
        if self.freedom is Freedom.SAME_ORIGIN_FOLLOWED and location and response.status in {307, 308}:
            there = urljoin(url, location)
            if urlsplit(there)[:2] == urlsplit(url)[:2]:
                # Once: a loop ends here.
                return super().send(method, there, headers, body)
        return response


def _by_http_1_0(method: str, url: str, headers: Any, body: Any) -> Response:
    """Speak as curl -0 does: a version without chunks, interim responses and Host, a connection for each request."""
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    length = f"Content-Length: {len(body or b'')}\r\n"
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=10) as connection:
            connection.sendall(f"{method} {target} HTTP/1.0\r\n{fields}{length}\r\n".encode("latin-1") + (body or b""))
            answer = http.client.HTTPResponse(connection, method=method)
            answer.begin()
            content = answer.read()
    except (http.client.HTTPException, OSError, ValueError) as error:
        raise transport_error(f"{type(error).__name__}: the exchange failed") from None
    if answer.getheader("content-encoding"):
        raise protocol_error("a content coding that was not asked for", answer.status)
    return Response(status=answer.status, headers=tuple(answer.getheaders()), body=content)


class Variant(ReferenceClient):
    """The reference client with one freedom taken."""

    def __init__(self, freedom: Freedom) -> None:
        self.freedom = freedom
        super().__init__()

    def hello(self) -> Any:
        hello = super().hello()
        gone = {
            Freedom.NO_CACHE: {Capability.CACHE},
            Freedom.NO_RETRY_AFTER_401: {Capability.RETRY_401},
        }.get(self.freedom, set())
        return replace(hello, capabilities=hello.capabilities - gone)

    def configuration_reader(self) -> ConfigurationReader:
        return _Configurations(self.freedom)

    def request_builder(self, configuration: Any) -> TokenRequestBuilder:
        builder = _Requests(configuration)
        builder.freedom = self.freedom
        return builder

    def response_reader(self) -> TokenResponseReader:
        return _Responses(self.freedom)

    def new_transport(self, configuration: Any) -> Transport:
        transport = _Transport(ca_file=configuration.ca_file, timeout_s=configuration.timeout_s)
        transport.freedom = self.freedom
        return transport

    def leeway_s(self, lifetime_s: float) -> float:
        if self.freedom is Freedom.NO_LEEWAY:
            return 0.0
        return 300.0 if self.freedom is Freedom.LEEWAY_OF_FIVE_MINUTES else super().leeway_s(lifetime_s)

    def is_fresh(self, held: Any) -> bool:
        return self.freedom is not Freedom.NO_CACHE and super().is_fresh(held)

    def says_invalid_token(self, response: Any) -> bool:
        return self.freedom is not Freedom.NO_RETRY_AFTER_401 and super().says_invalid_token(response)


def __getattr__(name: str) -> Callable[[], Variant]:
    """Return the factory of the variant of a freedom's name: the spec ``py:variants:NO_JTI`` works."""
    if name in Freedom.__members__:
        return lambda: Variant(Freedom[name])
    raise AttributeError(name)
