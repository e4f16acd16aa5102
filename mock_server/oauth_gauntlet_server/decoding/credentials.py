"""Who a request says that it comes from: client credentials and bearer tokens, held against what the tenant knows."""

from __future__ import annotations

from oauth_gauntlet_server.decoding.parts import Part, Row, State
from oauth_gauntlet_server.decoding.tokens_known import token_state
from oauth_gauntlet_server.decoding.visible import visible
from oauth_gauntlet_server.http.form import FormError, decode_component
from oauth_gauntlet_server.http.http_request import BasicCredentialsError, RecordedRequest
from oauth_gauntlet_server.tenancy.tenant import Tenant


def credential_parts(request: RecordedRequest, tenant: Tenant) -> tuple[Part, ...]:
    """Return the credentials of a request, wherever they stand in it."""
    found = (_basic(request, tenant), _in_form(request, tenant), _bearer(request, tenant))
    return tuple(part for part in found if part is not None)


def _basic(request: RecordedRequest, tenant: Tenant) -> Part | None:
    title = "Client, by HTTP Basic"
    try:
        held = request.basic_credentials()
        if held is None:
            return None
        client_id, secret = (decode_component(part.encode()) for part in held)
    except (BasicCredentialsError, FormError) as error:
        finding = f"These are no credentials: {visible(str(error), 300)}."
        return Part(kind="credentials", title=title, state=State.BAD, finding=finding)
    except UnicodeError:
        return Part(kind="credentials", title=title, state=State.BAD, finding="These are no credentials: no Unicode text.")
    state, finding = _client_state(tenant, client_id, secret)
    if state is not State.GOOD and held != (client_id, secret) and _client_state(tenant, *held)[0] is State.GOOD:
        # What is left of the commonest mistake of all: the parts went into base64 as they are.
        finding = "Id or secret is not form-urlencoded before base64 (RFC 6749 §2.3.1); as they stand there, they are right."
    rows = tuple(
        Row(name=name, value=visible(value), note="" if value == raw else f"base64 holds {visible(raw, 300)}")
        for name, value, raw in zip(("client_id", "client_secret"), (client_id, secret), held, strict=True)
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
    takes_any = "" if tenant.settings.strict else "; this tenant takes any client all the same"
    if client is None:
        state = State.BAD if tenant.settings.strict else State.UNKNOWN
        return state, f"No client of that id is registered{takes_any}."
    if client.client_secret is None:
        return State.UNKNOWN, f"The client is registered without a secret{takes_any}."
    if client.client_secret != secret:
        return State.BAD, f"The secret is not the registered one{takes_any}."
    return State.GOOD, "The client is registered, and the secret is right."


def _bearer(request: RecordedRequest, tenant: Tenant) -> Part | None:
    scheme, _, token = (request.header("authorization") or "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    token = token.strip(" ")
    state, finding = token_state(tenant, token)
    rows = (Row(name="token", value=visible(token)),)
    return Part(kind="credentials", title="Bearer token", rows=rows, state=state, finding=finding)
