"""Failed refreshes: no replay, and the client keeps its refresh token."""

from __future__ import annotations

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import INTEROP, REFRESH_TOKEN, SERVER, Variant, practice, requirement, rule
from oauth_gauntlet_scenarios.kept_session import REFUSALS, require_session_kept
from oauth_gauntlet_scenarios.refresh.held_token import WITH_REFRESH_TOKEN, sent_token, shown_token
from oauth_gauntlet_server import RotationPolicy, Tenant, faults


@requirement(
    "refresh.invalid-grant-ends",
    level=INTEROP,
    basis=[
        practice("The application has to ask the user again; it learns that only from the code."),
        rule(
            "RFC 6749 5.2",
            "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is "
            "invalid, expired, revoked",
            binds=SERVER,
        ),
    ],
    grants=[REFRESH_TOKEN],
    capabilities=["refresh"],
    statement="invalid_grant on a refresh reaches the application after one request.",
)
def test_invalid_grant_ends(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token; the server answers the refresh with invalid_grant.

    Check: one request, and an error with the code.
    """
    # With rotation the response contains a refresh token, so that every client has one for the refresh.
    tenant.configure(rotation=RotationPolicy.ROTATE)
    client.get_token()
    tenant.journal.clear()
    tenant.arm(faults.oauth_error("invalid_grant"))
    answer = client.try_refresh()
    require(
        isinstance(answer, ErrorInfo) and (answer.oauth_error == "invalid_grant" or "invalid_grant" in answer.message),
        expected="an error with the code invalid_grant",
        seen=described(answer),
        mark=Mark(text="invalid_grant", part="response"),
    )
    count = tenant.journal.count("token")
    require(count == 1, expected="one refresh request", seen=f"{count} token requests")


@requirement(
    "refresh.5xx-keeps",
    level=INTEROP,
    basis=practice("Servers fail for minutes. A client that lost its refresh token then cannot go on without the user."),
    grants=[REFRESH_TOKEN],
    capabilities=["refresh"],
    statement="The client keeps its refresh token after a server error or a broken connection.",
    variants=["503", "500-with-oauth-error", "closed"],
)
def test_5xx_keeps(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: get a token; the refresh meets 503, 500 with an OAuth error, or a closed connection; refresh again.

    Check: the second refresh contains the same refresh token, and succeeds.
    """
    tenant.configure(rotation=RotationPolicy.ROTATE)
    client.get_token()
    held = client.grants()[-1]["refresh_token"]
    failures = {
        "503": faults.http_status(503, "Service Unavailable", content_type="text/plain"),
        "500-with-oauth-error": faults.oauth_error("server_error", status=500),
        "closed": faults.close_without_answer(),
    }
    # A client may retry automatically on a broken connection (RFC 9110 §9.2.2 permits this in some cases).
    armed = tenant.arm(failures[variant.value])
    client.try_refresh()
    if not armed.fired:
        untestable("the client sent no refresh request")
    tenant.clear_faults()
    client.refresh()
    require(
        sent_token(client) == held,
        expected="the refresh token as before",
        seen=shown_token(client),
        mark=Mark(text="refresh_token="),
    )


@requirement(
    "refresh.refusal-keeps",
    level=INTEROP,
    basis=[
        practice(
            "Rate limits, firewalls, and secrets that are being replaced refuse a refresh for a while. A client that takes it "
            "for the end of the session makes its user sign in again."
        ),
        rule(
            "RFC 6749 5.2",
            "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is "
            "invalid, expired, revoked",
            binds=SERVER,
        ),
    ],
    grants=WITH_REFRESH_TOKEN,
    capabilities=["refresh"],
    statement="Only invalid_grant ends a session: after any other refusal the client keeps its refresh token.",
    variants=list(REFUSALS),
)
def test_refusal_keeps(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: get a token; the refresh meets 429, 408, 403, 401 invalid_client, or 400 with another code; refresh again.

    Check: the second refresh contains the same refresh token. A client that sends nothing for a while gets five minutes on its
    clock.
    """
    require_session_kept(client, tenant, variant.name, client.try_refresh, begun=lambda: None)


# The rule of rotation binds the server; it is practice that a client leaves the retry to its application.
@requirement(
    "refresh.not-replayed",
    level=INTEROP,
    basis=practice(
        "A server that rotates refresh tokens ends the session when a used one comes again, also after an error response."
    ),
    grants=[REFRESH_TOKEN],
    statement="After a response the client does not send a refresh token again automatically.",
    variants={"500": 500, "429": 429},
)
def test_not_replayed(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers the refresh with 500 or 429. Check: one request."""
    tenant.arm(faults.http_status(variant.value, "later", content_type="text/plain"))
    client.try_get_token()
    count = tenant.journal.count("token")
    require(count == 1, expected="one refresh request", seen=f"{count} token requests", mark=Mark(text="refresh_token="))
