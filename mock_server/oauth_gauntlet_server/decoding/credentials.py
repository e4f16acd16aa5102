"""Decode the credentials of a request (client credentials, bearer token) and check them against the tenant's data."""

from __future__ import annotations

from oauth_gauntlet_server.decoding.parts import Part, Row, State
from oauth_gauntlet_server.decoding.tokens_known import token_state
from oauth_gauntlet_server.decoding.visible import visible
from oauth_gauntlet_server.http.form import FormError, decode_component
from oauth_gauntlet_server.http.http_request import BasicCredentialsError, RecordedRequest
from oauth_gauntlet_server.tenancy.tenant import Tenant


def credential_parts(request: RecordedRequest, tenant: Tenant) -> tuple[Part, ...]:
    """Return the credentials of a request: HTTP Basic, in the body, Bearer token."""
    found = (_basic(request, tenant), _in_form(request, tenant), _bearer(request, tenant))
    return tuple(part for part in found if part is not None)


def bearer_token(request: RecordedRequest) -> str | None:
    """Return the token in the first Authorization header field, or None if its scheme is not Bearer."""
    scheme, _, token = (request.header("authorization") or "").partition(" ")
    return token.strip(" ") if scheme.lower() == "bearer" else None


def _basic(request: RecordedRequest, tenant: Tenant) -> Part | None:
    title = "Client, by HTTP Basic"
    try:
        as_sent = request.basic_credentials()
        if as_sent is None:
            return None
        client_id, secret = (decode_component(part.encode()) for part in as_sent)
    except (BasicCredentialsError, FormError) as error:
        finding = f"The credentials cannot be decoded: {visible(str(error), 300)}."
        return Part(kind="credentials", title=title, state=State.BAD, finding=finding)
    except UnicodeError:
        finding = "The credentials cannot be decoded: they are not Unicode text."
        return Part(kind="credentials", title=title, state=State.BAD, finding=finding)
    state, finding = _client_state(tenant, client_id, secret)
    if state is not State.GOOD and as_sent != (client_id, secret) and _client_state(tenant, *as_sent)[0] is State.GOOD:
        # The most common mistake of clients.
        finding = (
            "The client id or the secret is not form-urlencoded before base64 (RFC 6749 §2.3.1). "
            "The undecoded values match the registered client."
        )
    rows = tuple(
        Row(name=name, value=visible(value), note="" if value == raw else f"in base64: {visible(raw, 300)}")
        for name, value, raw in zip(("client_id", "client_secret"), (client_id, secret), as_sent, strict=True)
    )
    return Part(kind="credentials", title=title, rows=rows, state=state, finding=finding)


def _in_form(request: RecordedRequest, tenant: Tenant) -> Part | None:
    try:
        form = dict(request.form)
    except FormError:
        return None
    secret = form.get("client_secret")
    if secret is None:
        return None
    client_id = form.get("client_id", "")
    state, finding = _client_state(tenant, client_id, secret)
    rows = (Row(name="client_id", value=visible(client_id)), Row(name="client_secret", value=visible(secret)))
    return Part(kind="credentials", title="Client, in the body", rows=rows, state=state, finding=finding)


def _client_state(tenant: Tenant, client_id: str, secret: str) -> tuple[State, str]:
    client = tenant.clients.get(client_id)
    accepts_any = "" if tenant.settings.strict else " This tenant is lenient: it accepts any client."
    if client is None:
        state = State.BAD if tenant.settings.strict else State.UNKNOWN
        return state, f"No client with this id is registered.{accepts_any}"
    if client.client_secret is None:
        return State.UNKNOWN, f"The client is registered without a secret.{accepts_any}"
    if client.client_secret != secret:
        return State.BAD, f"The secret is not the registered one.{accepts_any}"
    return State.GOOD, "The client is registered, and the secret is right."


def _bearer(request: RecordedRequest, tenant: Tenant) -> Part | None:
    token = bearer_token(request)
    if token is None:
        return None
    state, finding = token_state(tenant, token)
    rows = (Row(name="token", value=visible(token)),)
    return Part(kind="credentials", title="Bearer token", rows=rows, state=state, finding=finding)
