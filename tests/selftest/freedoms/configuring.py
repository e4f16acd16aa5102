"""Freedoms in what a client accepts as its configuration."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from oauth_gauntlet.protocol import JSON, GrantType
from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from tests.selftest.freedoms.free import Free


class EmptyForAbsent(Free):
    """Sends an empty text for a user name, password or secret that is not configured, as languages without null do.

    RFC 6749 A.2, A.15 and A.16 allow the empty text.
    """

    class Configurations(ConfigurationReader):
        def mandatory(self, grant: GrantType, method: str) -> tuple[str, ...]:
            optional = {"client_id", "client_secret", "username", "password"}
            return tuple(name for name in super().mandatory(grant, method) if name not in optional)

    class Requests(TokenRequestBuilder):
        def in_header(self) -> bool:
            configuration = self.configuration
            return configuration.auth_method == "client_secret_basic" and configuration.client_id is not None


class GrantNameInAnySpelling(Free):
    """Recognises a grant in upper case or with hyphens."""

    class Configurations(ConfigurationReader):
        def grant(self, value: JSON) -> GrantType:
            plain = str(value or "").lower().replace("-", "_")
            return super().grant(plain if plain in list(GrantType) else value)


class UnknownGrantPassedOn(Free):
    """Sends a grant that it does not know with its name: extensions define grants (RFC 6749 4.5)."""

    unknown: str | None = None

    def configure(self, config: Mapping[str, JSON]) -> None:
        name = config.get("grant_type")
        self.unknown = str(name) if name and name not in list(GrantType) else None
        super().configure({**config, "grant_type": "client_credentials"} if self.unknown else config)

    def request_builder(self, configuration: Any) -> TokenRequestBuilder:
        builder = super().request_builder(configuration)
        if self.unknown is not None:
            named: str = self.unknown
            builder.grant_type = lambda _: named  # type: ignore[method-assign]
        return builder


class DefaultIssuerAndSubject(Free):
    """Uses the client id as issuer, and the issuer as subject, if none is configured."""

    class Configurations(ConfigurationReader):
        def read(self, given: Mapping[str, JSON]) -> Any:
            issuer = given.get("jwt_issuer") or given.get("client_id") or "default-issuer"
            audience = given.get("jwt_audience") or given.get("token_url")
            defaults = {"jwt_issuer": issuer, "jwt_subject": given.get("jwt_subject") or issuer, "jwt_audience": audience}
            return super().read({**given, **{name: value for name, value in defaults.items() if value}})


class KeyRepaired(Free):
    """Reads a private key whose line ends, quotation or encoding was changed on its way through an environment."""

    class Configurations(ConfigurationReader):
        def private_key(self, pem: str, password: str | None) -> Any:
            text = pem.strip('\ufeff \r\n"').replace("\\n", "\n")
            if re.fullmatch("[A-Za-z0-9+/=]+", text) and text.startswith("LS0tLS1"):
                text = b64decode(text).decode("ascii", "replace")
            elif re.fullmatch("[A-Za-z0-9+/=]{200,}", text):
                text = f"-----BEGIN PRIVATE KEY----- {text} -----END PRIVATE KEY-----"
            # Header, base64, footer. An encrypted key of the older format has further lines with colons; it stays as it is.
            parts = re.fullmatch(r"(-----BEGIN [A-Z ]+-----)([A-Za-z0-9+/=\s]+)(-----END [A-Z ]+-----)\s*", text)
            if parts is not None:
                text = "\n".join((parts[1], *re.findall(".{1,64}", "".join(parts[2].split())), parts[3]))
            return super().private_key(text, password)
