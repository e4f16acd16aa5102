"""Get the client assertion that the client sends."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.key_material import private_pem
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSON
from oauth_gauntlet.requirement import CLIENT_CREDENTIALS, PASSWORD, REFRESH_TOKEN
from oauth_gauntlet_scenarios.jwt.sent_assertion import sent_assertion

METHODS = ["private_key_jwt", "client_secret_jwt"]

# With the JWT bearer grant a request may have two assertions, and few clients know both at a time.
WITH_CLIENT = (CLIENT_CREDENTIALS, REFRESH_TOKEN, PASSWORD)

CLIENT_ASSERTION = Mark(text="client_assertion=")

# RFC 7518 3.2: HS256 needs a key of at least 256 bits.
SECRET = "gauntlet-client-secret-of-more-than-256-bits"


def changes_for(client: LabClient, method: str) -> dict[str, JSON]:
    """Return the changes to the default configuration that make the client authenticate with this method.

    jwt_audience is the issuer identifier of the server, for clients that use it; the token URL is as good (RFC 7523 3).
    """
    common: dict[str, JSON] = {"token_endpoint_auth_method": method, "jwt_audience": client.tenant.issuer}
    if method == "client_secret_jwt":
        return common | {"client_secret": SECRET}
    return common | {"client_secret": None, "private_key": private_pem("rsa")}


def sent_client_assertion(client: LabClient, method: str, **changes: JSON) -> witness.Assertion:
    """Configure the client for this method, ask for a token, and return the client assertion of its request.

    Without one that can be read the scenario is untestable (see clientauth.single-jwt).
    """
    return sent_assertion(client, "client_assertion", **changes_for(client, method) | changes)
