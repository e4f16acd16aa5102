"""The client of both requests, and how it authenticates."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import JSON
from oauth_gauntlet.requirement import (
    AFTER_401,
    CLIENT_CREDENTIALS,
    EXPIRY,
    INTEROP,
    PASSWORD,
    REFRESH,
    REFRESH_TOKEN,
    Variant,
    practice,
    requirement,
)
from oauth_gauntlet_scenarios.auth.authorization import WITH_CLIENT
from oauth_gauntlet_scenarios.renewal.pair import first_and_renewal, require_kept
from oauth_gauntlet_server import RecordedRequest

_CHANGES: dict[str, dict[str, JSON]] = {
    "default": {},
    "client_secret_post": {"token_endpoint_auth_method": "client_secret_post"},
}


@requirement(
    "renewal.authentication-kept",
    level=INTEROP,
    basis=practice(
        "A server registers one authentication method for a client. A renewal by another one, or without the credentials, "
        "is refused, and the application loses its access an hour after it has started."
    ),
    covered_by=[
        "auth.client-authenticates",
        "auth.method-as-configured",
        "auth.single-method",
        "auth.post-in-body",
        "auth.basic-syntax",
        "request.no-duplicates",
        "refresh.request",
    ],
    grants=WITH_CLIENT,
    variants={"default": None},
    auth_method_variants=["client_secret_post"],
    renewals={EXPIRY: [CLIENT_CREDENTIALS, REFRESH_TOKEN], REFRESH: [PASSWORD], AFTER_401: [CLIENT_CREDENTIALS]},
    first=False,
    statement="A renewal authenticates the same client in the same way as the first request.",
)
def test_authentication_kept(client: LabClient, variant: Variant) -> None:
    """Do: get a token with the default method, and with client_secret_post; let the client renew it.

    Check: both requests use the same method, client id and secret.
    """
    first, second = first_and_renewal(client, **_CHANGES[variant.name])
    mark = second.header("authorization") or "client_"
    require_kept(client, _method(first), _method(second), mark)
    for one, other in zip(_credentials(first), _credentials(second), strict=True):
        require_kept(client, one, other, mark)


def _method(request: RecordedRequest) -> str:
    """Return how a request authenticates its client, in words."""
    scheme, _ = witness.authorization(request)
    names = {name for name, value in witness.form(request) if value}
    used = ["client_secret_basic" if scheme == "basic" else f"the scheme {scheme}"] if scheme else []
    used += ["client_secret_post"] if "client_secret" in names else []
    used += ["a client assertion"] if "client_assertion" in names else []
    return " and ".join(used) or "no client authentication"


def _credentials(request: RecordedRequest) -> tuple[str, str]:
    """Return the client id and the secret of a request, in words."""
    client_id, secret = witness.presented_client(request)
    return f"the client_id {client_id}" if client_id else "no client_id", f"the secret {secret}" if secret else "no secret"
