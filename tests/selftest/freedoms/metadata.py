"""Freedoms with authorization server metadata."""

from __future__ import annotations

from oauth_gauntlet.reference.metadata import MetadataReader
from tests.selftest.freedoms.free import Free


class OpenIdConfigurationAppended(Free):
    """Asks for the metadata where OpenID Connect Discovery 1.0 §4 has it: below the issuer's path."""

    reached_by = ("an issuer",)

    class Metadata(MetadataReader):
        def url(self, issuer: str) -> str:
            return f"{issuer.removesuffix('/')}/.well-known/openid-configuration"


class OpenIdConfigurationInserted(Free):
    """Asks for the metadata with the suffix openid-configuration before the issuer's path (RFC 8414 §5)."""

    reached_by = ("an issuer",)

    class Metadata(MetadataReader):
        def url(self, issuer: str) -> str:
            return super().url(issuer).replace("oauth-authorization-server", "openid-configuration")
