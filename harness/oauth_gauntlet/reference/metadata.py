"""Find the token endpoint in the metadata of the authorization server (RFC 8414)."""

from __future__ import annotations

import json
from urllib.parse import urlsplit, urlunsplit

from oauth_gauntlet.protocol import JSON, JSONObject
from oauth_gauntlet.reference.errors import protocol_error, transport_error
from oauth_gauntlet.reference.transport import Response

WELL_KNOWN = "/.well-known/oauth-authorization-server"


class MetadataReader:
    """Reads the metadata of an issuer. Each decision is a separate method."""

    def url(self, issuer: str) -> str:
        """Return the URL of the metadata: the well-known path comes between the host and the issuer's path (§3.1)."""
        parts = urlsplit(issuer)
        return urlunsplit((parts.scheme, parts.netloc, f"{WELL_KNOWN}{parts.path.removesuffix('/')}", "", ""))

    def token_endpoint(self, response: Response, issuer: str) -> str:
        """Return the token endpoint that the metadata names.

        Raises:
            ClientFailure: kind transport for any other status than 200, protocol for a document that is of another issuer,
                or that names no token endpoint.
        """
        if response.status != 200:
            raise transport_error(f"the metadata request was answered with HTTP {response.status}", response.status)
        document = self.document(response.body)
        if document is None:
            raise protocol_error("the metadata is not a JSON object", response.status)
        if not self.is_identical(document.get("issuer"), issuer):
            raise protocol_error("the metadata is of another issuer than the configured one (RFC 8414 §3.3)", response.status)
        endpoint = document.get("token_endpoint")
        if not isinstance(endpoint, str) or not endpoint:
            raise protocol_error("the metadata names no token endpoint", response.status)
        return endpoint

    def document(self, body: bytes) -> JSONObject | None:
        """Return the body as a JSON object, or None."""
        try:
            value = json.loads(body.decode("utf-8"))
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) else None

    def is_identical(self, received: JSON, issuer: str) -> bool:
        """Return whether the metadata is of this issuer: the same code points, without normalisation (§3.3, §4)."""
        return isinstance(received, str) and received == issuer
