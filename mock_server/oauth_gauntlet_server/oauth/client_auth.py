"""Client authentication at the token, introspection and revocation endpoints (RFC 6749 §2.3, RFC 7523 §2.2).

There are two steps. `presented_credentials` reads the credentials from the request; it rejects more than one
method. `authenticate` then checks them against the registered client. A lenient tenant accepts any
well-formed credentials; of an assertion it checks what a setting asks for.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from oauth_gauntlet_server.http.form import FormError, decode_component
from oauth_gauntlet_server.http.http_request import BasicCredentialsError
from oauth_gauntlet_server.oauth._authlib_classes import InvalidClientError, InvalidRequestError
from oauth_gauntlet_server.oauth.assertion import (
    AssertionRefused,
    ParsedAssertion,
    parse,
    text_claim,
    verify_as_asked,
    verify_claims,
    verify_signature,
)
from oauth_gauntlet_server.oauth.assertion_header import CLIENT_AUTHENTICATION_TYP, verify_header
from oauth_gauntlet_server.oauth.token_request import TokenRequest, check_length, describable
from oauth_gauntlet_server.tenancy.model import RegisteredClient

METHODS = ("client_secret_basic", "client_secret_post", "private_key_jwt", "client_secret_jwt", "none")

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True, kw_only=True, slots=True)
class PresentedCredentials:
    """The credentials in a request: the authentication method, the client_id, and a secret or an assertion."""

    method: str
    client_id: str
    secret: str | None = None
    assertion: ParsedAssertion | None = None


def authenticate(request: TokenRequest) -> RegisteredClient:
    """Authenticate the client of a request and return it; set `request.auth_method`.

    Raises:
        InvalidRequestError: the request uses more than one method, header and body contain different client ids, or the
            client id is too long.
        InvalidClientError: the request contains no credentials, or they are wrong or not those of a
            registered client.
    """
    presented = presented_credentials(request)
    if presented is None:
        raise _refused("No client authentication is included")
    check_length("client_id", presented.client_id)
    tenant = request.tenant
    if not tenant.settings.strict:
        _verify_as_asked(presented, request)
        request.auth_method = presented.method
        return tenant.clients.get(presented.client_id) or RegisteredClient(client_id=presented.client_id)
    client = tenant.clients.get(presented.client_id)
    if client is None:
        raise _refused("The client is unknown")
    method = _verify(presented, client, request)
    if method not in client.token_endpoint_auth_methods:
        raise _refused(_not_registered_for(method))
    request.auth_method = method
    return client


def presented_credentials(request: TokenRequest) -> PresentedCredentials | None:
    """Return the credentials in a request, or None if it contains none.

    Raises:
        InvalidRequestError: more than one method, or two different client ids (RFC 6749 §2.3, §5.2).
        InvalidClientError: the credentials are malformed.
    """
    form = request.parameters
    basic = _basic(request)
    # Two methods are the cause of the refusal, also where the second one is incomplete.
    two = basic is not None and not form.keys().isdisjoint({"client_secret", "client_assertion"})
    found = [] if two else [method for method in (basic, _post(form), _assertion(form)) if method is not None]
    if two or len(found) > 1:
        raise InvalidRequestError(description="More than one client authentication method is used")
    named = form.get("client_id")
    if not found:
        return PresentedCredentials(method="none", client_id=named) if named else None
    if named is not None and named != found[0].client_id:
        raise InvalidRequestError(description="The client_id in the body names another client")
    return found[0]


def _basic(request: TokenRequest) -> PresentedCredentials | None:
    fields = request.recorded.header_values("authorization")
    if not fields:
        return None
    if len(fields) > 1:
        # RFC 9110 §5.3: a field that is not a list is sent once. Each one is a method of its own (RFC 6749 §2.3).
        raise InvalidRequestError(description="The Authorization header field is repeated")
    try:
        credentials = request.recorded.basic_credentials()
        if credentials is None:
            raise _refused("The Authorization header uses a scheme other than Basic")
        # RFC 6749 §2.3.1: both parts are form-urlencoded before they are joined and encoded in base64.
        client_id, secret = (decode_component(part.encode()) for part in credentials)
    except (BasicCredentialsError, FormError) as error:
        raise _refused("The Basic credentials are malformed") from error
    return PresentedCredentials(method="client_secret_basic", client_id=client_id, secret=secret)


def _post(form: dict[str, str]) -> PresentedCredentials | None:
    secret = form.get("client_secret")
    if secret is None:
        return None
    if "client_id" not in form:
        raise InvalidRequestError(description="A client_secret without client_id is in the body")
    return PresentedCredentials(method="client_secret_post", client_id=form["client_id"], secret=secret)


def _assertion(form: dict[str, str]) -> PresentedCredentials | None:
    text = form.get("client_assertion")
    if text is None:
        return None
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise InvalidRequestError(description="The client_assertion_type is missing or unknown")
    try:
        parsed = parse(text)
        # RFC 7523 §3: "For client authentication, the subject MUST be the client_id of the OAuth client."
        client_id = text_claim(parsed, "sub")
    except AssertionRefused as error:
        raise _refused(describable(str(error))) from error
    return PresentedCredentials(method="private_key_jwt", client_id=client_id, assertion=parsed)


def _verify(presented: PresentedCredentials, client: RegisteredClient, request: TokenRequest) -> str:
    """Check the credentials and return the authentication method."""
    if presented.assertion is not None:
        return _verify_assertion(presented.assertion, client, request)
    if presented.secret is not None:
        if client.client_secret is None:
            # A missing secret is not an empty one: a public client is registered for the method none.
            usable = presented.method in client.token_endpoint_auth_methods
            raise _refused("The client has no secret" if usable else _not_registered_for(presented.method))
        if not hmac.compare_digest(presented.secret.encode(), client.client_secret.encode()):
            raise _refused("The client secret is wrong")
    return presented.method


def _verify_as_asked(presented: PresentedCredentials, request: TokenRequest) -> None:
    """Check what the settings of a lenient tenant ask for."""
    if presented.assertion is not None:
        try:
            verify_as_asked(presented.assertion, request.tenant, replay_scope=_replay_scope(presented.client_id))
        except AssertionRefused as error:
            raise _refused(describable(str(error))) from error


def _verify_assertion(assertion: ParsedAssertion, client: RegisteredClient, request: TokenRequest) -> str:
    from oauth_gauntlet_server.jose.keys import public_key, secret_key

    symmetric = str(assertion.header.get("alg")).startswith("HS")
    if symmetric:
        keys = [secret_key(client.client_secret)] if client.client_secret else []
    else:
        keys = [public_key(source) for source in client.public_keys]
    try:
        if text_claim(assertion, "iss") != client.client_id:
            raise AssertionRefused("The claim iss is not the client_id")
        verify_header(assertion, typ=CLIENT_AUTHENTICATION_TYP)
        verify_signature(assertion, keys)
        scope = _replay_scope(client.client_id)
        verify_claims(assertion, request.tenant, audiences=request.audiences(), replay_scope=scope)
    except AssertionRefused as error:
        raise _refused(describable(str(error))) from error
    return "client_secret_jwt" if symmetric else "private_key_jwt"


def _replay_scope(client_id: str) -> str:
    return f"client {client_id}"


def _not_registered_for(method: str) -> str:
    return f"The client is not registered for {method}"


def _refused(description: str) -> InvalidClientError:
    return InvalidClientError(description=description, status_code=401)
