"""Freedoms in the token request."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, quote

from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.errors import configuration_error, protocol_error
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Response
from tests.selftest.freedoms.free import Free


class BodyByDefault(Free):
    """Authenticates in the body if no method is configured (RFC 6749 §2.3.1 allows header or body)."""

    class Configurations(ConfigurationReader):
        def read(self, given: Any) -> Any:
            return super().read({"token_endpoint_auth_method": "client_secret_post", **given})


class SpaceAsPercent20(Free):
    """Encodes a space as %20: every form decoder reads it (RFC 6749 Appendix B)."""

    class Requests(TokenRequestBuilder):
        def encoded(self, text: str) -> str:
            return quote(text, safe="", errors="replace")


class LowerCaseHex(Free):
    """Writes the hexadecimal digits of percent-encoding in lower case (RFC 3986 §2.1: equivalent)."""

    class Requests(TokenRequestBuilder):
        def encoded(self, text: str) -> str:
            head, *rest = super().encoded(text).split("%")
            return "%".join([head, *(part[:2].lower() + part[2:] for part in rest)])


class EverythingEncoded(Free):
    """Percent-encodes every octet (RFC 3986 §2.3: equivalent)."""

    class Requests(TokenRequestBuilder):
        def encoded(self, text: str) -> str:
            return "".join(f"%{octet:02X}" for octet in text.encode("utf-8", "replace"))


class OrderReversed(Free):
    """Sends the parameters in reverse order: no order is required."""

    class Requests(TokenRequestBuilder):
        def parameters(self, *args: Any, **kwargs: Any) -> list[tuple[str, str]]:
            return super().parameters(*args, **kwargs)[::-1]


class CharsetNamed(Free):
    """Adds a charset to Content-Type, which has no meaning there and does no harm."""

    class Requests(TokenRequestBuilder):
        def headers(self) -> dict[str, str]:
            headers = super().headers()
            return {**headers, "Content-Type": f"{headers['Content-Type']};charset=UTF-8"}


class NoAccept(Free):
    """Sends no Accept header field: any media type is acceptable then (RFC 9110 12.5.1), and JSON is what OAuth defines."""

    warned = frozenset({"request.accept-or-form"})

    class Requests(TokenRequestBuilder):
        def headers(self) -> dict[str, str]:
            headers = super().headers()
            del headers["Accept"]
            return headers


class FormsRead(Free):
    """Sends no Accept header field, and reads a token response that is a form, as golang.org/x/oauth2 does."""

    class Requests(NoAccept.Requests):
        pass

    class Responses(TokenResponseReader):
        def read(self, response: Response) -> Any:
            media_type = (response.header("content-type") or "").partition(";")[0].strip().lower()
            if media_type == "application/x-www-form-urlencoded" and not response.body.lstrip().startswith(b"{"):
                members = dict(parse_qsl(response.body.decode("ascii", "replace")))
                response = replace(response, body=json.dumps(members).encode())
            return super().read(response)


class ConnectionClosedEachTime(Free):
    """Closes the connection after each exchange."""

    class Requests(TokenRequestBuilder):
        def headers(self) -> dict[str, str]:
            return {**super().headers(), "Connection": "close"}


class QueryAdded(Free):
    """Adds a parameter of its own to the token URL, as MSAL does (RFC 6749 §3.2: "when adding additional query parameters")."""

    class Requests(TokenRequestBuilder):
        def url(self, pairs: Any) -> str:
            url = super().url(pairs)
            return f"{url}{'&' if '?' in url else '?'}client-request-id=4f2c"


class PublicWithoutClientId(Free):
    """Sends no client_id as a public client: RFC 6749 §3.2.1 says that it MAY send it."""

    warned = frozenset({"auth.none-sends-client-id"})

    class Requests(TokenRequestBuilder):
        def client_parameters(self) -> list[tuple[str, str]]:
            return [] if self.configuration.auth_method == "none" else super().client_parameters()


class IllegalNamesRefused(Free):
    """Rejects names of parameters that break the grammar (RFC 6749 §8.2), and only when it builds the request."""

    class Requests(TokenRequestBuilder):
        def payload_parameters(self) -> list[tuple[str, str]]:
            pairs = super().payload_parameters()
            if not all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name, _ in pairs):
                raise protocol_error("a parameter with an illegal name")
            return pairs


class OddClaimsRefused(Free):
    """Rejects an issuer or subject with a colon that is no URI (RFC 7519 §2: StringOrURI)."""

    # No scenario has such a value: this shows that the usual ones pass.
    reached_by = ("is_fresh",)

    class Configurations(ConfigurationReader):
        def read(self, given: Any) -> Any:
            for key in ("jwt_issuer", "jwt_subject", "jwt_audience"):
                if ":" in (text := str(given.get(key) or "")) and not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+", text):
                    raise configuration_error(f"{key}: it has a colon, and is no URI")
            return super().read(given)


class NonStringPayloadRefused(Free):
    """Accepts only strings as values of the additional payload."""

    class Configurations(ConfigurationReader):
        def payload_text(self, member: Any) -> str:
            if not isinstance(member, str):
                raise configuration_error("additional_payload: expected strings as values")
            return super().payload_text(member)


class FragmentDropped(Free):
    """Removes a fragment of the token URL instead of rejecting it: a fragment is never sent."""

    class Configurations(ConfigurationReader):
        def read(self, given: Any) -> Any:
            url = given.get("token_url")
            return super().read({**given, "token_url": url.partition("#")[0]} if isinstance(url, str) else given)


class ResourceQueryRefused(Free):
    """Accepts no resource with a query (RFC 8707 §2: "SHOULD NOT include a query component"), and rejects it late."""

    warned = frozenset({"indicator.sent-unchanged.query"})

    class Requests(TokenRequestBuilder):
        def resource_parameters(self) -> list[tuple[str, str]]:
            pairs = super().resource_parameters()
            if any("?" in uri for _, uri in pairs):
                raise protocol_error("a resource with a query")
            return pairs


class NoScopeInRefresh(Free):
    """Omits the scope in a refresh request: the granted scope then applies (RFC 6749 §6)."""

    class Requests(TokenRequestBuilder):
        def scope_parameters(self) -> list[tuple[str, str]]:
            return [] if self.configuration.grant is GrantType.REFRESH_TOKEN else super().scope_parameters()


class OwnScopesAdded(Free):
    """Adds scope tokens of its own to the configured ones, as MSAL adds openid and offline_access (RFC 6749 §3.3)."""

    class Requests(TokenRequestBuilder):
        def scope_parameters(self) -> list[tuple[str, str]]:
            return [(name, f"{value} openid offline_access") for name, value in super().scope_parameters()]


class SchemeInLowerCase(Free):
    """Writes the scheme of a resource request in lower case (RFC 9110 11.1: it is case-insensitive)."""

    warned = frozenset({"resource.bearer-spelled"})

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: str | None) -> Any:
        _, transport = self._ready()
        kept = {name: value for name, value in headers.items() if name.lower() != "authorization"}
        kept["Authorization"] = f"bearer {token.access_token}"
        return transport.send(method, url, kept, None if body is None else body.encode("utf-8", "replace"))
