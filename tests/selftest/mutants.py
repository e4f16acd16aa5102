"""Broken copies of the reference client, one bug each: what the scenarios have to catch.

Each bug overrides one decision of the reference client. `CAUGHT_BY` names the scenario that has to notice.
"""

from __future__ import annotations

import base64
import json
import unicodedata
from collections.abc import Callable
from enum import Enum
from typing import Any
from urllib.parse import quote_plus

from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.keys import load_private_key
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.token_response import TokenResponseReader


class Bug(Enum):
    """A bug, and the scenario that has to catch it."""

    METHOD_GET = "request.method-post[client_credentials]"
    JSON_BODY = "request.content-type[client_credentials]"
    PARAMETERS_IN_URL = "request.no-parameters-in-url[client_credentials]"
    QUERY_DROPPED = "request.url-query-kept[client_credentials]"
    GRANT_TYPE_TWICE = "request.grant-type-once[client_credentials]"
    EMPTY_SCOPE_SENT = "request.no-empty-parameters[client_credentials]"
    BASIC_NOT_ENCODED = "auth.basic-form-urlencoded.percent[client_credentials]"
    BASIC_AND_BODY = "auth.single-method[client_credentials]"
    LATIN_1 = "encoding.non-ascii.beyond-bmp[password]"
    PLUS_NOT_ENCODED = "encoding.reserved.plus[password]"
    NORMALISED = "encoding.no-normalisation[password]"
    SCOPE_BY_COMMA = "scope.space-delimited[client_credentials]"
    DEFAULT_GRANT_WRONG = "config.grant-default.absent[refresh_token]"
    TOKEN_URL_UNCHECKED = "config.missing-token-url.absent[client_credentials]"
    REFRESH_TOKEN_UNCHECKED = "config.missing-refresh-token.absent[refresh_token]"
    TOKEN_SURVIVES_CONFIGURE = "config.reconfigure-drops-token[client_credentials]"
    PAYLOAD_IGNORED = "payload.added[password]"
    PAYLOAD_PYTHON_SPELLING = "payload.non-string.true[password]"
    EXP_IN_MILLISECONDS = "jwt.exp-present[jwt-bearer]"
    AUDIENCE_LOST = "jwt.audience[jwt-bearer]"
    HEADER_IGNORED = "jwt.header-extra.kid[jwt-bearer]"
    KEY_PASSWORD_IGNORED = "key.encrypted.pkcs8[jwt-bearer]"
    TOKEN_INVENTED = "parse.access-token-missing.absent[client_credentials]"
    TOKEN_TYPE_CASE = "parse.token-type-case.lower[client_credentials]"
    STRING_LIFETIME_CRASHES = "parse.expires-in-string[client_credentials]"
    ERROR_WITH_200_TAKEN = "error.200-with-error[client_credentials]"
    STATUS_IGNORED = "error.400-with-token.400[client_credentials]"
    HTML_CRASHES = "error.html.500[client_credentials]"
    NEVER_RENEWS = "expiry.renewed-after[client_credentials]"
    ALWAYS_RENEWS = "expiry.cached[client_credentials]"
    OLD_REFRESH_TOKEN_KEPT = "refresh.rotation-replaces[refresh_token]"
    NULL_REPLACES_REFRESH_TOKEN = "refresh.absent-keeps.null[refresh_token]"
    TOKEN_IN_QUERY = "resource.not-in-query[client_credentials]"
    NO_RETRY_AFTER_401 = "resource.401-renews-once[client_credentials]"
    SECRET_IN_REPR = "secrecy.describe[client_credentials]"


class _Requests(TokenRequestBuilder):
    """Token requests with one bug."""

    bug: Bug

    def __init__(self, configuration: Any, bug: Bug) -> None:
        super().__init__(configuration)
        self.bug = bug
        if bug is Bug.METHOD_GET:
            self.method = "GET"

    def parameters(self, *args: Any, **kwargs: Any) -> list[tuple[str, str]]:
        pairs = super().parameters(*args, **kwargs)
        if self.bug is Bug.GRANT_TYPE_TWICE:
            pairs.append(pairs[0])
        if self.bug is Bug.EMPTY_SCOPE_SENT:
            pairs.append(("scope", ""))
        if self.bug is Bug.BASIC_AND_BODY:
            pairs.append(("client_secret", self.configuration.client_secret or ""))
        return pairs

    def scope_parameters(self) -> list[tuple[str, str]]:
        pairs = super().scope_parameters()
        return [(n, v.replace(" ", ",")) for n, v in pairs] if self.bug is Bug.SCOPE_BY_COMMA else pairs

    def payload_parameters(self) -> list[tuple[str, str]]:
        return [] if self.bug is Bug.PAYLOAD_IGNORED else super().payload_parameters()

    def encoded(self, text: str) -> str:
        if self.bug is Bug.LATIN_1:
            return quote_plus(text, safe="", encoding="latin-1", errors="replace")
        if self.bug is Bug.PLUS_NOT_ENCODED:
            return super().encoded(text).replace("%2B", "+")
        if self.bug is Bug.NORMALISED:
            return super().encoded(unicodedata.normalize("NFKC", text).strip())
        return super().encoded(text)

    def body(self, pairs: Any) -> bytes:
        return json.dumps(dict(pairs)).encode() if self.bug is Bug.JSON_BODY else super().body(pairs)

    def headers(self) -> dict[str, str]:
        headers = super().headers()
        return {**headers, "Content-Type": "application/json"} if self.bug is Bug.JSON_BODY else headers

    def basic(self) -> str:
        if self.bug is not Bug.BASIC_NOT_ENCODED:
            return super().basic()
        raw = f"{self.configuration.client_id}:{self.configuration.client_secret}"
        return f"Basic {base64.b64encode(raw.encode()).decode()}"

    def url(self, pairs: Any) -> str:
        url = super().url(pairs)
        if self.bug is Bug.PARAMETERS_IN_URL:
            return f"{url}?grant_type={dict(pairs)['grant_type']}"
        return url.partition("?")[0] if self.bug is Bug.QUERY_DROPPED else url

    def assertion(self, now: float) -> str:
        if self.bug not in {Bug.EXP_IN_MILLISECONDS, Bug.AUDIENCE_LOST, Bug.HEADER_IGNORED}:
            return super().assertion(now)
        from oauth_gauntlet.reference import assertion

        c = self.configuration
        audience = "https://elsewhere.example" if self.bug is Bug.AUDIENCE_LOST else c.jwt_audience or ""
        claims = assertion.claims(issuer=c.jwt_issuer or "", subject=c.jwt_subject or "", audience=audience, now=now)
        if self.bug is Bug.EXP_IN_MILLISECONDS:
            claims["exp"] *= 1000
        assert c.private_key is not None
        return assertion.sign(claims, {} if self.bug is Bug.HEADER_IGNORED else c.jwt_header, c.private_key)


class _Responses(TokenResponseReader):
    """Answers read with one bug."""

    def __init__(self, bug: Bug) -> None:
        self.bug = bug

    def is_success(self, status: int) -> bool:
        return True if self.bug is Bug.STATUS_IGNORED else super().is_success(status)

    def document(self, body: bytes) -> Any:
        return json.loads(body) if self.bug is Bug.HTML_CRASHES else super().document(body)

    def refuse_error(self, document: Any, response: Any) -> None:
        if self.bug is not Bug.ERROR_WITH_200_TAKEN:
            super().refuse_error(document, response)

    def access_token(self, document: Any) -> str:
        if self.bug in {Bug.TOKEN_INVENTED, Bug.ERROR_WITH_200_TAKEN}:
            return str(document.get("access_token"))
        return super().access_token(document)

    def token_type(self, document: Any) -> str:
        if self.bug is Bug.ERROR_WITH_200_TAKEN:
            return "Bearer"
        if self.bug is Bug.TOKEN_TYPE_CASE and document.get("token_type") != "Bearer":
            return super().token_type({"token_type": "unknown"})
        return super().token_type(document)

    def expires_in(self, document: Any) -> float | None:
        if self.bug is Bug.STRING_LIFETIME_CRASHES:
            return document["expires_in"] + 0
        return super().expires_in(document)

    def refresh_token(self, document: Any) -> str | None:
        if self.bug is Bug.NULL_REPLACES_REFRESH_TOKEN and document.get("refresh_token", "") is None:
            return "None"
        return super().refresh_token(document)


class _Configurations(ConfigurationReader):
    """Configurations read with one bug."""

    def __init__(self, bug: Bug) -> None:
        self.bug = bug

    def grant(self, value: Any) -> Any:
        if self.bug is Bug.DEFAULT_GRANT_WRONG and not value:
            return super().grant("client_credentials")
        return super().grant(value)

    def read(self, given: Any) -> Any:
        if self.bug is Bug.TOKEN_URL_UNCHECKED and not given.get("token_url"):
            # As clients do that fall back to a well-known place of the issuer that they happen to know.
            given = {**given, "token_url": _last_token_url[0]}
        if given.get("token_url"):
            _last_token_url[0] = given["token_url"]
        return super().read(given)

    def mandatory(self, grant: Any, method: str) -> tuple[str, ...]:
        needed = super().mandatory(grant, method)
        if self.bug is Bug.REFRESH_TOKEN_UNCHECKED:
            return tuple(name for name in needed if name != "refresh_token")
        return needed

    def payload_text(self, member: Any) -> str:
        return str(member) if self.bug is Bug.PAYLOAD_PYTHON_SPELLING else super().payload_text(member)

    def private_key(self, pem: str, password: str | None) -> Any:
        return load_private_key(pem, None) if self.bug is Bug.KEY_PASSWORD_IGNORED else super().private_key(pem, password)


_last_token_url = ["http://127.0.0.1:9/token"]


class Mutant(ReferenceClient):
    """The reference client with one bug."""

    def __init__(self, bug: Bug) -> None:
        self.bug = bug
        super().__init__()

    def configuration_reader(self) -> ConfigurationReader:
        return _Configurations(self.bug)

    def request_builder(self, configuration: Any) -> TokenRequestBuilder:
        return _Requests(configuration, self.bug)

    def response_reader(self) -> TokenResponseReader:
        return _Responses(self.bug)

    def close(self) -> None:
        held = self.held
        super().close()
        if self.bug is Bug.TOKEN_SURVIVES_CONFIGURE:
            self.held = held

    def is_fresh(self, held: Any) -> bool:
        if self.bug is Bug.NEVER_RENEWS:
            return True
        return False if self.bug is Bug.ALWAYS_RENEWS else super().is_fresh(held)

    def next_refresh_token(self, received: str) -> str:
        old = self.refresh_token
        return old if self.bug is Bug.OLD_REFRESH_TOKEN_KEPT and old else received

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Any:
        if self.bug is Bug.TOKEN_IN_QUERY:
            url = f"{url}?access_token={token.access_token}"
        return super().send_with(token, method, url, headers, body)

    def says_invalid_token(self, response: Any) -> bool:
        return False if self.bug is Bug.NO_RETRY_AFTER_401 else super().says_invalid_token(response)

    def __repr__(self) -> str:
        configuration = self.configuration
        if self.bug is Bug.SECRET_IN_REPR and configuration is not None:
            return f"<Mutant client_secret={configuration.client_secret}>"
        return super().__repr__()


def __getattr__(name: str) -> Callable[[], Mutant]:
    """Return the factory of the mutant of a bug's name: the spec ``py:mutants:SCOPE_BY_COMMA`` works."""
    if name in Bug.__members__:
        return lambda: Mutant(Bug[name])
    raise AttributeError(name)
