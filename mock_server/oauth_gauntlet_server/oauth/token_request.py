"""Parse the parameters of a token request strictly, before any grant uses them.

RFC 6749 §3.2 requires more of the server than Authlib checks: the POST method, the content type, each
parameter at most once, and parameters without a value treated as omitted. The body is parsed once; Authlib
does not parse it again. A tenant may take other request styles too (`request_style`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import TYPE_CHECKING

from oauth_gauntlet_server.http.form import FormError, Pairs
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.oauth._authlib_classes import InvalidRequestError, OAuth2Error, PayloadBase, RequestBase
from oauth_gauntlet_server.oauth.request_style import StyleError, body_parameters
from oauth_gauntlet_server.tenancy.tenant_settings import QUERY

if TYPE_CHECKING:
    from oauth_gauntlet_server.tenancy.model import RegisteredClient
    from oauth_gauntlet_server.tenancy.tenant import Tenant
    from oauth_gauntlet_server.tenancy.tenant_urls import TenantURLs

# RFC 8707 §2 and RFC 8693 §2.1 allow more than one of these parameters.
_MAY_REPEAT = frozenset({"resource", "audience"})

# The parameters of the grants: each is in the form, and only once (RFC 6749 §3.2). RFC 6749 §2.3.1: client credentials
# "MUST NOT be included in the request URI".
_ONCE = frozenset(
    {
        "client_id",
        "client_secret",
        "client_assertion",
        "grant_type",
        "assertion",
        "refresh_token",
        "username",
        "password",
        "scope",
    }
)

# What a token record keeps. Without a limit, one request could store a mebibyte for good.
_STORED = ("client_id", "refresh_token", "scope", "username")

MOST_STORED = 8 * 1024
"""The most characters of a parameter that a token record keeps."""

# RFC 8707 §2: an absolute URI (RFC 3986 §4.3) without a fragment.
_RESOURCE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-\"$-~]+")

_NOT_ALLOWED = re.compile(r"[^\x20-\x21\x23-\x5b\x5d-\x7e]")


def describable(text: str) -> str:
    """Return text with only the characters that RFC 6749 §5.2 allows in error_description, at most 300."""
    return _NOT_ALLOWED.sub("?", text.replace('"', "'"))[:300]


class InvalidTargetError(OAuth2Error):
    """The error of RFC 8707 §2 for a resource that is invalid, missing, unknown, or malformed."""

    error = "invalid_target"


class _Payload(PayloadBase):
    """The object from which Authlib reads the parameters."""

    def __init__(self, parameters: dict[str, str]) -> None:
        self._parameters = parameters

    @property
    def data(self) -> dict[str, str]:
        return self._parameters

    @property
    def datalist(self) -> dict[str, list[str]]:
        return {name: [value] for name, value in self._parameters.items()}


class TokenRequest(RequestBase):
    """A form request to one tenant, as Authlib's grants need it; `urls` are the tenant's URLs for this request."""

    tenant: Tenant
    recorded: RecordedRequest
    urls: TenantURLs
    client: RegisteredClient | None

    def __init__(self, tenant: Tenant, recorded: RecordedRequest, urls: TenantURLs) -> None:
        # Authlib rejects a URI with plain http, and grants nothing to GET. The user of the mock server decides whether to
        # use TLS, and the tenant which methods it takes. So Authlib always gets a POST to an https URI.
        super().__init__(method="POST", uri="https://mock.invalid/token")
        self.tenant = tenant
        self.recorded = recorded
        self.urls = urls
        settings = tenant.settings
        self._pairs = read_pairs(recorded, settings.request_styles)
        self.parameters = at_most_once(self._pairs, may_repeat=lambda name: name in self._repeatable)
        if (asked := self.parameters.get("grant_type")) is not None:
            self.parameters["grant_type"] = settings.grant_type_aliases.get(asked, asked)
        if settings.scope_separator != " " and "scope" in self.parameters:
            self.parameters["scope"] = self.parameters["scope"].replace(settings.scope_separator, " ")
        self.payload = _Payload(self.parameters)

    @cached_property
    def _repeatable(self) -> frozenset[str]:
        """The parameters that may be repeated: in a lenient tenant also those that set a claim."""
        settings = self.tenant.settings
        if settings.strict:
            return _MAY_REPEAT
        of_clients = (client.claims_from_parameters for client in self.tenant.clients.values())
        return _MAY_REPEAT | (frozenset(settings.claims_from_parameters).union(*of_clients) - _ONCE)

    def check_resources(self) -> None:
        """Check the resource indicators (RFC 8707 §2). A tenant issues tokens for any resource.

        Raises:
            InvalidTargetError: one is no absolute URI, or has a fragment.
        """
        for name, value in self._pairs:
            if name == "resource" and value and not _RESOURCE.fullmatch(value):
                raise InvalidTargetError(description="A resource is no absolute URI without a fragment")

    def values_of(self, name: str) -> tuple[str, ...]:
        """Return every value of a parameter, in order."""
        return tuple(value for key, value in self._pairs if key == name)

    def audiences(self) -> frozenset[str]:
        """Return the values of aud that identify this server in an assertion (RFC 7523 §3).

        They are the issuer identifier and the token endpoint for this request, and the URL of this request. A client that
        uses another port, or the URL of a preset fault, knows only that URL. A name that the tenant has in other requests
        does not count: an assertion names the server that it is sent to.
        """
        host = self.recorded.header("host") or ""
        places = {self.recorded.path, self.recorded.target}
        reached = {f"{scheme}://{host}{place}" for scheme in ("http", "https") for place in places}
        return frozenset({self.urls.issuer, self.urls.token_url, f"{self.urls.base_url}{self.recorded.path}", *reached})

    @property
    def form(self) -> dict[str, str]:
        """The parameters of the body."""
        return self.parameters

    @property
    def args(self) -> dict[str, str]:
        """The parameters of the query: always empty, because the endpoint uses none."""
        return {}


def check_length(name: str, value: str) -> None:
    """Check that a value that is stored is not too long.

    Raises:
        InvalidRequestError: it has more than `MOST_STORED` characters.
    """
    if len(value) > MOST_STORED:
        raise InvalidRequestError(
            description=f"The {name} has {len(value)} characters; the limit of this server is {MOST_STORED}"
        )


def read_pairs(recorded: RecordedRequest, styles: AbstractSet[str]) -> Pairs:
    """Return the parameters of a request in one of the styles that the tenant takes.

    Raises:
        InvalidRequestError: the request has another style, its parameters do not decode, or a parameter that belongs in
            the body is in the query.
    """
    try:
        pairs = body_parameters(recorded, styles)
        query = recorded.query_pairs
    except StyleError as error:
        raise InvalidRequestError(description=describable(str(error))) from error
    except FormError as error:
        raise InvalidRequestError(description=describable(f"The query does not decode: {error}")) from error
    misplaced = sorted({name for name, _ in query} & _ONCE)
    if misplaced and QUERY not in styles:
        raise InvalidRequestError(description=f"The parameter {misplaced[0]} is in the request URI")
    return pairs


def at_most_once(pairs: Pairs, *, may_repeat: Callable[[str], bool] = _MAY_REPEAT.__contains__) -> dict[str, str]:
    """Return parameters by name, without those that have no value (RFC 6749 §3.2).

    Of a parameter that `may_repeat`, it is the last value.

    Raises:
        InvalidRequestError: a parameter is repeated, or one that is stored is too long.
    """
    parameters: dict[str, str] = {}
    for name, value in pairs:
        if name in parameters and not may_repeat(name):
            raise InvalidRequestError(description=describable(f"The parameter {name} is repeated"))
        parameters[name] = value
    for name in _STORED:
        if name in parameters:
            check_length(name, parameters[name])
    return {name: value for name, value in parameters.items() if value}
