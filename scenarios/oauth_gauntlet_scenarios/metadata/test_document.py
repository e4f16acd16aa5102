"""The metadata document: what a client takes from it, and what it does without it."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, documented, usable
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import INTEROP, SERVER, Variant, practice, quote, requirement
from oauth_gauntlet_scenarios.metadata.issuer import NEEDED, obtain_by_issuer, show_control
from oauth_gauntlet_scenarios.wire.failure import require_error
from oauth_gauntlet_server import Tenant, faults


@requirement(
    "metadata.token-endpoint",
    level=INTEROP,
    basis=practice("The token endpoint may be anywhere; a client that guesses it from the issuer fails with most servers."),
    statement="The client sends its token request to the token endpoint that the metadata names.",
    parameters=NEEDED,
)
def test_token_endpoint(client: LabClient, tenant: Tenant) -> None:
    """Do: the metadata names a token endpoint with another path and a query.

    Check: the token request arrives there.
    """
    show_control(client)
    endpoint = f"{tenant.issuer}/moved/token?audience=gauntlet"
    tenant.arm(faults.fault("metadata_member", member="token_endpoint", value=endpoint), endpoint="metadata")
    usable(obtain_by_issuer(client, tenant.issuer))
    for request in client.token_requests():
        require(
            tenant.issuer.endswith(request.path.removesuffix("/moved/token")) and "audience=gauntlet" in request.query,
            expected=f"a token request at {endpoint}",
            seen=f"a token request at {request.target}",
            mark=Mark(text=request.target),
        )


@requirement(
    "metadata.unknown-members",
    level=INTEROP,
    basis=[
        practice("Servers add members of OpenID Connect and of their own."),
        quote("RFC 8414 3.2", "Other claims MAY also be returned.", binds=SERVER),
    ],
    statement="The client ignores members of the metadata that it does not know.",
    parameters=NEEDED,
)
def test_unknown_members(client: LabClient, tenant: Tenant) -> None:
    """Do: the metadata has a member of an unknown name, an object. Check: the application gets the token."""
    show_control(client)
    tenant.arm(faults.fault("metadata_member", member="gauntlet_member", value={"a": [1, None]}), endpoint="metadata")
    usable(obtain_by_issuer(client, tenant.issuer))


@requirement(
    "metadata.no-token-endpoint",
    level=INTEROP,
    basis=[
        practice("An application has to learn that this server gives no tokens, not that a request to nowhere failed."),
        quote("RFC 8414 2", "This is REQUIRED unless only the implicit grant type is supported.", binds=SERVER),
    ],
    statement="Metadata without a token endpoint gives an error that the client documents, and no token request.",
    parameters=NEEDED,
    variants={"absent": None, "empty": "", "number": 1, "list": ["https://server.example/token"]},
)
def test_no_token_endpoint(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the metadata has no token endpoint, or none that is a URL. Check: a documented error, no token request."""
    show_control(client)
    tenant.arm(faults.fault("metadata_member", member="token_endpoint", value=variant.value), endpoint="metadata")
    require_error(obtain_by_issuer(client, tenant.issuer))
    require(
        tenant.journal.count("token") == 0,
        expected="no token request",
        seen="a token request at an endpoint that the metadata does not name",
    )


_UNAVAILABLE = {
    "not-found": {"status": 404, "body": "not found", "content_type": "text/plain"},
    "server-error": {"status": 500, "body": "Internal Server Error", "content_type": "text/plain"},
    "html": {"status": 200, "body": "<html><body>Please log in</body></html>", "content_type": "text/html"},
    "array": {"status": 200, "body": "[]", "content_type": "application/json"},
    "empty": {"status": 200, "body": "", "content_type": "application/json"},
}


# A client may then ask elsewhere, or try an endpoint that it knows by other means.
@requirement(
    "metadata.unavailable",
    level=INTEROP,
    basis=practice("Issuers are mistyped, and servers without metadata answer with pages."),
    statement="Without metadata the client reports an error that it documents.",
    parameters=NEEDED,
    variants=_UNAVAILABLE,
)
def test_unavailable(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the metadata request is answered with an error, or with another document.

    Check: a token or a documented error.
    """
    show_control(client)
    tenant.arm(faults.fault("http_status", **variant.value), endpoint="metadata")
    documented(obtain_by_issuer(client, tenant.issuer))
