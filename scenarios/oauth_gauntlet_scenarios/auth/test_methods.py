"""Authentication methods: the client authenticates, by one method, in the header or the body."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import advise, require, untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import (
    AFTER_401,
    CLIENT_CREDENTIALS,
    EXPIRY,
    INTEROP,
    MUST,
    PASSWORD,
    REFRESH,
    Variant,
    practice,
    quote,
    requirement,
    rule,
)
from oauth_gauntlet_scenarios.auth.authorization import WITH_CLIENT, authorization_mark
from oauth_gauntlet_server import RecordedRequest


# refresh.request asks the same of a refresh request. Credentials that are wrong only in their encoding are the matter of
# auth.basic-form-urlencoded: the id and secret here need none.
@requirement(
    "auth.client-authenticates",
    level=MUST,
    basis=[
        quote(
            "RFC 6749 3.2.1",
            "Confidential clients or other clients issued client credentials MUST authenticate with the authorization server "
            "as described in Section 2.3 when making requests to the token endpoint.",
        ),
        quote(
            "RFC 6749 4.4.2",
            "The client MUST authenticate with the authorization server as described in Section 3.2.1.",
        ),
    ],
    grants=[CLIENT_CREDENTIALS, PASSWORD],
    refused_as=[
        "No client authentication is included",
        "The client is unknown",
        "The client secret is wrong",
        "The grant is for confidential clients only",
        "The Authorization header uses a scheme other than Basic",
    ],
    renewals=[EXPIRY, REFRESH, AFTER_401],
    statement="A client with a client id and a secret authenticates with them.",
)
def test_client_authenticates(client: LabClient) -> None:
    """Do: get a token with a client id and a secret.

    Check: the last request contains both as configured, in the header or in the body, or an assertion of the client. An
    earlier request without them may ask for a challenge (auth.preemptive).
    """
    client.try_get_token()
    request = client.token_request()
    sent = witness.presented_client(request)
    require(
        witness.value(request, "client_assertion") or sent == (client.config["client_id"], client.config["client_secret"]),
        expected=f"the client id {client.config['client_id']} and its secret, in the Authorization header or in the body",
        seen=f"client id {sent[0]!r}, and {'no secret' if sent[1] is None else 'another secret'}",
        mark=authorization_mark(client)
        if request.header("authorization")
        else Mark(text="grant_type", exchange=client.place_of_token_request()),
    )


@requirement(
    "auth.post-in-body",
    level=MUST,
    basis=[
        rule(
            "RFC 6749 2.3.1",
            "REQUIRED. The client identifier issued to the client during the registration process described by Section 2.2.",
        ),
        rule("RFC 6749 2.3.1", "REQUIRED. The client secret."),
        quote("RFC 6749 2.3", "The client MUST NOT use more than one authentication method in each request."),
    ],
    covered_by=["auth.client-authenticates", "auth.method-as-configured"],
    grants=WITH_CLIENT,
    auth_methods=["client_secret_post"],
    refused_as=["A client_secret without client_id is in the body"],
    renewals=[EXPIRY, REFRESH],
    statement="With client_secret_post, the body contains client_id and client_secret once.",
)
def test_post_in_body(client: LabClient) -> None:
    """Do: get a token with client_secret_post.

    Check: both parameters once in the body, and no Authorization header.
    """
    client.configure(token_endpoint_auth_method="client_secret_post")
    client.try_get_token()
    request = client.token_request()
    sent = (witness.value(request, "client_id"), witness.value(request, "client_secret"))
    if sent[1] is None and request.header("authorization") is not None:
        untestable("the client authenticates in the header")  # see auth.method-as-configured
    configured = (client.config["client_id"], client.config["client_secret"])
    require(
        sent == configured,
        expected="client_id and client_secret as configured, in the body",
        seen=f"client_id={sent[0]}, client_secret={sent[1]}",
        mark=Mark(text="client_"),
    )
    require(
        request.header("authorization") is None,
        expected="no Authorization header when the credentials are in the body",
        seen=f"Authorization: {request.header('authorization')}",
        mark=authorization_mark(client),
    )


# A client_id beside Basic is no authentication method: with it a client may identify itself (RFC 6749 3.2.1), if it names the
# same client.
@requirement(
    "auth.single-method",
    level=MUST,
    basis=quote("RFC 6749 2.3", "The client MUST NOT use more than one authentication method in each request."),
    grants=WITH_CLIENT,
    refused_as=[
        "More than one client authentication method is used",
        "The Authorization header field is repeated",
        "The client_id in the body names another client",
    ],
    renewals=[EXPIRY, REFRESH],
    statement="A request uses one authentication method only.",
)
def test_single_method(client: LabClient) -> None:
    """Do: get a token with the client's default method.

    Check: of the Authorization header, a client_secret and a client_assertion, every request contains one at most, and one
    Authorization header at most.
    """
    client.try_get_token()
    client.token_request()
    for request in client.token_requests():
        basic = witness.basic_credentials(request)
        in_body = [name for name in ("client_secret", "client_assertion") if witness.value(request, name)]
        fields = len(request.header_values("authorization"))
        used = ["the Authorization header"] * (fields if fields > 1 else int(basic is not None)) + in_body
        require(
            len(used) <= 1,
            expected="one authentication method",
            seen=f"credentials in {' and in '.join(used)}",
            mark=Mark(text=in_body[0] if in_body else "Authorization"),
        )
        named = witness.value(request, "client_id")
        advise(
            basic is None or named in {None, witness.form_decoded(basic[0])},
            expected="no client_id in the body, or the client of the Authorization header",
            seen=f"client_id={named}",
            mark=Mark(text="client_id"),
        )


@requirement(
    "auth.method-as-configured",
    level=INTEROP,
    basis=practice("A server registers one method for a client (RFC 7591 2, token_endpoint_auth_method) and refuses others."),
    covered_by=["auth.client-authenticates"],
    grants=WITH_CLIENT,
    auth_methods=["client_secret_basic", "client_secret_post"],
    renewals=[EXPIRY, REFRESH],
    statement="The client uses the configured authentication method.",
    variants=["client_secret_basic", "client_secret_post"],
)
def test_method_as_configured(client: LabClient, variant: Variant) -> None:
    """Do: configure one of the two secret-based methods. Check: the first request with credentials uses it."""
    client.configure(token_endpoint_auth_method=variant.value)
    client.try_get_token()
    client.token_request()
    used = next(filter(None, map(_method, client.token_requests())), None) or untestable("no request has a client secret")
    require(used == variant.value, expected=variant.value, seen=used, mark=authorization_mark(client))


def _method(request: RecordedRequest) -> str:
    """Return the method by which a request presents a client secret; empty without one."""
    if witness.basic_credentials(request) is not None:
        return "client_secret_basic"
    return "client_secret_post" if any(witness.values(request, "client_secret")) else ""


@requirement(
    "auth.not-in-url",
    level=MUST,
    basis=quote(
        "RFC 6749 2.3.1",
        "The parameters can only be transmitted in the request-body and MUST NOT be included in the request URI.",
    ),
    grants=WITH_CLIENT,
    refused_as=["The parameter client_id is in the request URI", "The parameter client_secret is in the request URI"],
    renewals=[EXPIRY, REFRESH],
    statement="The request URI never contains client credentials.",
)
def test_not_in_url(client: LabClient) -> None:
    """Do: get a token. Check: no request target contains the secret or a parameter client_secret."""
    client.try_get_token()
    client.token_request()
    for request in client.token_requests():
        leaked = str(client.config["client_secret"]) in request.target or "client_secret" in request.target
        require(
            not leaked,
            expected="a request target without client credentials",
            seen=f"the request target {request.target}",
            mark=Mark(text=request.target),
        )
