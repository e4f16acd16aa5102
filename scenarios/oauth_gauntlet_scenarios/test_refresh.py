"""Refreshing: the right token goes out, a new one replaces the old one, and trouble does not lose it."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, usable
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType
from oauth_gauntlet.requirement import INTEROP, MUST, PASSWORD, REFRESH_TOKEN, Variant, requirement
from oauth_gauntlet_server import RotationPolicy, Tenant, faults

_HOLDS_ONE = [REFRESH_TOKEN, PASSWORD]


def _sent(client: LabClient) -> str | None:
    return witness.value(client.token_request(), "refresh_token")


def _begin(client: LabClient) -> str:
    """Get a first token, and return the refresh token that the client holds from then on."""
    client.get_token()
    if client.grant is GrantType.REFRESH_TOKEN:
        return str(client.config["refresh_token"])
    return str(client.grants()[-1]["refresh_token"])


# RFC 6749 §6: grant_type REQUIRED "refresh_token", refresh_token REQUIRED; a client that was issued credentials
# authenticates.
@requirement(
    "refresh.request",
    level=MUST,
    source="RFC 6749 6",
    grants=[REFRESH_TOKEN],
    statement="A refresh request carries grant_type=refresh_token and the token, and authenticates the client.",
)
def test_request(client: LabClient) -> None:
    """Do: get a token by the refresh_token grant. Check: both parameters, and the configured client's credentials."""
    client.get_token()
    request = client.token_request()
    require(
        (witness.value(request, "grant_type"), _sent(client)) == ("refresh_token", client.config["refresh_token"]),
        expected="grant_type=refresh_token and the configured refresh token",
        seen=f"grant_type={witness.value(request, 'grant_type')}, refresh_token={_sent(client)}",
        mark=Mark(text="refresh_token"),
    )
    sent = witness.presented_client(request)
    require(
        sent == (client.config["client_id"], client.config["client_secret"]),
        expected="the configured client id and secret",
        seen=f"client id {sent[0]!r}",
        mark=Mark(text=request.header("authorization") or "client_id"),
    )


# RFC 6749 §6: "the client MUST discard the old refresh token and replace it with the new refresh token."
@requirement(
    "refresh.rotation-replaces",
    level=MUST,
    source="RFC 6749 6",
    grants=_HOLDS_ONE,
    capabilities=["refresh"],
    statement="A new refresh token in the answer replaces the old one.",
)
def test_rotation_replaces(client: LabClient, tenant: Tenant) -> None:
    """Do: the server rotates refresh tokens; refresh twice. Check: each request carries the token of the last answer."""
    tenant.configure(rotation=RotationPolicy.ROTATE)
    _begin(client)
    for _ in range(2):
        newest = client.grants()[-1]["refresh_token"]
        client.try_refresh()
        require(
            _sent(client) == newest,
            expected="the refresh token of the last answer",
            seen=f"refresh_token={_sent(client)}, an older one",
            mark=Mark(text="refresh_token="),
        )


# RFC 6749 §6: the server "MAY issue a new refresh token"; an answer without one leaves the old one in force.
@requirement(
    "refresh.absent-keeps",
    level=INTEROP,
    source="RFC 6749 6",
    grants=_HOLDS_ONE,
    capabilities=["refresh"],
    statement="An answer without a new refresh token keeps the old one.",
    variants={"absent": ..., "null": None, "empty": ""},
)
def test_absent_keeps(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: refresh twice; the answers have no refresh token, null, or an empty one. Check: the old one is sent again."""
    if client.grant is GrantType.REFRESH_TOKEN:
        _arm_answer(tenant, variant)
        held = str(client.configuration()["refresh_token"])
        client.configure(refresh_token=held)
        first = client.try_get_token()
        # A refresh token that is null or empty is none of RFC 6749 §5.1's; a client may refuse such an answer clearly.
        if isinstance(first, ErrorInfo) and first.kind is ErrorKind.PROTOCOL:
            return
        usable(first)
    else:
        # The first answer has to bring the refresh token that is to be kept.
        held = _begin(client)
        _arm_answer(tenant, variant)
    for _ in range(2):
        before = tenant.journal.count("token")
        answer = client.try_refresh()
        require(
            tenant.journal.count("token") > before,
            expected="a further refresh request, with the refresh token that is still valid",
            seen=f"none was sent; the client reported {described(answer)}",
        )
        require(
            _sent(client) == held,
            expected="the refresh token that is still valid",
            seen=f"refresh_token={_sent(client)!r}",
            mark=Mark(text="refresh_token="),
        )


def _arm_answer(tenant: Tenant, variant: Variant) -> None:
    """Let no answer from here on hold a refresh token; the server's own policy is to leave it out."""
    if variant.value is not ...:
        tenant.arm(faults.token_member("refresh_token", variant.value))


@requirement(
    "refresh.many-generations",
    level=MUST,
    source="RFC 6749 6",
    grants=[REFRESH_TOKEN],
    capabilities=["refresh"],
    statement="Fifty rotations in a row are followed.",
)
def test_many_generations(client: LabClient, tenant: Tenant) -> None:
    """Do: the server rotates and ends the session when a spent token comes again; refresh fifty times.

    Check: every refresh succeeds.
    """
    tenant.configure(rotation=RotationPolicy.ROTATE_DETECT_REUSE)
    client.get_token()
    for _ in range(50):
        client.refresh()


# RFC 6749 §6: "The requested scope MUST NOT include any scope not originally granted by the resource owner".
@requirement(
    "refresh.scope-not-widened",
    level=MUST,
    source="RFC 6749 6",
    grants=[PASSWORD],
    capabilities=["refresh"],
    parameters=["scope"],
    statement="A refresh request asks for no scope that was not granted.",
)
def test_scope_not_widened(client: LabClient, tenant: Tenant) -> None:
    """Do: ask for "read write", be granted "read", then refresh. Check: scope is left out, or is "read" at most.

    RFC 6749 §6 speaks of what was granted, and §5.1 lets the server say so in the answer.
    """
    tenant.configure(strict=False)
    tenant.arm(faults.token_member("scope", "read"), times=1)
    client.configure(scope="read write")
    client.get_token()
    client.try_refresh()
    request = client.token_request()
    if witness.value(request, "grant_type") != "refresh_token":
        return
    asked = set((witness.value(request, "scope") or "").split())
    require(
        asked <= {"read"},
        expected="no scope, or read",
        seen=f"scope={' '.join(sorted(asked))}",
        mark=Mark(text="scope="),
    )


# RFC 6749 §5.2: invalid_grant: the refresh token "is invalid, expired, revoked".
@requirement(
    "refresh.invalid-grant-ends",
    level=INTEROP,
    source="RFC 6749 5.2",
    grants=[REFRESH_TOKEN],
    capabilities=["refresh"],
    statement="invalid_grant on a refresh reaches the application, after one request.",
)
def test_invalid_grant_ends(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token, then answer the refresh with invalid_grant. Check: one request, and an error with the code."""
    # With rotation the answer holds a refresh token, so that every client has one for what comes next.
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
    require(count == 1, expected="one refresh request", seen=f"{count}")


@requirement(
    "refresh.5xx-keeps",
    level=INTEROP,
    source="practice",
    grants=[REFRESH_TOKEN],
    capabilities=["refresh"],
    statement="A server error or a broken connection does not throw the refresh token away.",
    variants=["503", "500-with-oauth-error", "closed"],
)
def test_5xx_keeps(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: get a token; the next refresh meets a 503, a 500 with an OAuth error, or a closed connection; refresh again.

    Check: the second refresh carries the same refresh token, and succeeds.
    """
    tenant.configure(rotation=RotationPolicy.ROTATE)
    client.get_token()
    held = client.grants()[-1]["refresh_token"]
    trouble = {
        "503": faults.http_status(503, "Service Unavailable", content_type="text/plain"),
        "500-with-oauth-error": faults.oauth_error("server_error", status=500),
        "closed": faults.close_without_answer(),
    }
    # A client may try once more by itself on a broken connection (RFC 9110 §9.2.2 leaves room for that).
    armed = tenant.arm(trouble[variant.value])
    client.try_refresh()
    require(armed.fired, expected="a refresh request", seen="none was sent")
    tenant.clear_faults()
    client.refresh()
    require(
        _sent(client) == held,
        expected="the refresh token as before",
        seen=f"refresh_token={_sent(client)!r}",
        mark=Mark(text="refresh_token="),
    )


# RFC 9700 §4.14.2 has servers end a session when a spent refresh token comes again: an automatic repeat after an answer
# may do just that. The RFC says so of the server; it is practice that the client leaves the repeat to its application.
@requirement(
    "refresh.not-replayed",
    level=INTEROP,
    source="practice; RFC 9700 4.14.2",
    grants=[REFRESH_TOKEN],
    statement="A refresh token is not sent again by itself once an answer was received.",
    variants={"500": 500, "429": 429},
)
def test_not_replayed(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the refresh is answered with 500 or 429. Check: one request."""
    tenant.arm(faults.http_status(variant.value, "later", content_type="text/plain"))
    client.try_get_token()
    count = tenant.journal.count("token")
    require(count == 1, expected="one refresh request", seen=f"{count}", mark=Mark(text="refresh_token="))


# RFC 6749 §1.5: "refresh tokens are intended for use only with authorization servers and are never sent to resource
# servers."
@requirement(
    "refresh.never-to-resource",
    level=MUST,
    source="RFC 6749 1.5",
    grants=_HOLDS_ONE,
    capabilities=["resource"],
    statement="A refresh token goes to the token endpoint only.",
)
def test_never_to_resource(client: LabClient, tenant: Tenant) -> None:
    """Do: have the client make a request to a protected resource. Check: the refresh token is nowhere in it."""
    client.get_token()
    held = {str(client.config.get("refresh_token"))}
    for exchange in tenant.journal.exchanges("token"):
        if exchange.response is not None:
            held.add(str(exchange.response.json().get("refresh_token")))
    client.try_request()
    requests = tenant.journal.requests("resource")
    require(requests, expected="a request at the protected resource", seen="none arrived there")
    for request in requests:
        leaked = [token for token in held - {"None"} if token.encode() in request.raw]
        require(
            not leaked,
            expected="a request without the refresh token",
            seen="the refresh token is in it",
            mark=Mark(text=leaked[0] if leaked else ""),
        )
