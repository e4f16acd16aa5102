"""Bugs with authorization server metadata."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.reference.metadata import WELL_KNOWN, MetadataReader
from oauth_gauntlet.reference.transport import Response
from tests.selftest.bugs.broken import Broken
from tests.selftest.bugs.tls import Unverified

BY_ISSUER = ("an issuer",)


class IssuerUnchecked(Broken):
    """Uses metadata of any issuer."""

    reached_by = BY_ISSUER

    class Metadata(MetadataReader):
        def is_identical(self, received: Any, issuer: str) -> bool:
            return True


class IssuerNormalised(Broken):
    """Compares issuers without regard to case and to a slash at the end."""

    reached_by = BY_ISSUER

    class Metadata(MetadataReader):
        def is_identical(self, received: Any, issuer: str) -> bool:
            return str(received).rstrip("/").lower() == issuer.rstrip("/").lower()


class IssuerHostCompared(Broken):
    """Compares only the hosts of issuers."""

    reached_by = BY_ISSUER

    class Metadata(MetadataReader):
        def is_identical(self, received: Any, issuer: str) -> bool:
            return isinstance(received, str) and urlsplit(received).hostname == urlsplit(issuer).hostname


class IssuerOptional(Broken):
    """Uses metadata that names no issuer, or a list with the right one."""

    reached_by = BY_ISSUER

    class Metadata(MetadataReader):
        def is_identical(self, received: Any, issuer: str) -> bool:
            return received is None or received == issuer or (isinstance(received, list) and issuer in received)


class WellKnownAppended(Broken):
    """Asks for the metadata below the issuer's path, as OpenID Connect does, but with the name of RFC 8414."""

    reached_by = BY_ISSUER

    class Metadata(MetadataReader):
        def url(self, issuer: str) -> str:
            return f"{issuer.removesuffix('/')}{WELL_KNOWN}"


class IssuerPathDropped(Broken):
    """Asks for the metadata of the host, whatever the issuer's path is."""

    reached_by = BY_ISSUER

    class Metadata(MetadataReader):
        def url(self, issuer: str) -> str:
            parts = urlsplit(issuer)
            return f"{parts.scheme}://{parts.netloc}{WELL_KNOWN}"


class IssuerSlashKept(Broken):
    """Keeps the slash at the end of the issuer in the URL of the metadata."""

    reached_by = BY_ISSUER

    class Metadata(MetadataReader):
        def url(self, issuer: str) -> str:
            return super().url(issuer) + ("/" if issuer.endswith("/") else "")


class EndpointGuessed(Broken):
    """Takes the issuer with /token for the token endpoint, and uses the metadata only to compare the issuer."""

    reached_by = BY_ISSUER

    class Metadata(MetadataReader):
        def token_endpoint(self, response: Response, issuer: str) -> str:
            try:
                super().token_endpoint(response, issuer)
            except ClientFailure as failure:
                if "no token endpoint" not in failure.error.message:
                    raise
            return f"{issuer}/token"


class MetadataNotChecked(Broken):
    """Crashes on metadata that is not a JSON object, or that lacks a member."""

    reached_by = BY_ISSUER

    class Metadata(MetadataReader):
        def token_endpoint(self, response: Response, issuer: str) -> str:
            document: Any = self.document(response.body)
            if document["token_endpoint"].startswith("http"):
                return super().token_endpoint(response, issuer)
            raise IndexError(issuer)


class MembersRefused(Broken):
    """Refuses metadata with a member that is an object."""

    reached_by = BY_ISSUER

    class Metadata(MetadataReader):
        def document(self, body: bytes) -> Any:
            document = super().document(body) or {}
            return None if any(isinstance(member, dict) for member in document.values()) else document


class MetadataUnverified(Broken):
    """Verifies the certificate of the token endpoint, but not that of the server with the metadata."""

    reached_by = BY_ISSUER

    def discover(self) -> None:
        configuration, transport = self._ready()
        self.transport = Unverified.Exchanges(ca_file=configuration.ca_file, timeout_s=configuration.timeout_s)
        try:
            super().discover()
        finally:
            self.transport.close()
            self.transport = transport


class PlainEndpointUsed(Broken):
    """Checks the scheme of the issuer, but not that of the token endpoint in its metadata."""

    reached_by = BY_ISSUER

    def discover(self) -> None:
        configuration, _ = self._ready()
        if configuration.issuer is not None:
            self.configuration = replace(configuration, allow_http=True)
        super().discover()
