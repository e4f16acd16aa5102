"""Authentication methods: one in each request, the configured one, never in the URL."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import (
    INTEROP,
    MUST,
    PASSWORD,
    REFRESH_TOKEN,
    Variant,
    requirement,
)
from oauth_gauntlet_scenarios.auth.authorization import WITH_CLIENT, authorization_mark


# RFC 6749 §2.3.1: "including the client credentials in the request-body using the following parameters:
# client_id REQUIRED, client_secret REQUIRED".
@requirement(
    "auth.post-in-body",
    level=MUST,
    source="RFC 6749 2.3.1",
    grants=WITH_CLIENT,
    auth_methods=["client_secret_post"],
    statement="With client_secret_post, the body contains client_id and client_secret once.",
)
def test_post_in_body(client: LabClient) -> None:
    """Do: get a token with client_secret_post.

    Check: both parameters once in the body, and no Authorization header.
    """
    client.configure(token_endpoint_auth_method="client_secret_post")
    client.get_token()
    request = client.token_request()
    sent = (witness.value(request, "client_id"), witness.value(request, "client_secret"))
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


# RFC 6749 §2.3: "The client MUST NOT use more than one authentication method in each request." A client_id
# next to Basic is not an authentication method (with it a client may identify itself, §3.2.1), if it names
# the same client.
@requirement(
    "auth.single-method",
    level=MUST,
    source="RFC 6749 2.3",
    grants=WITH_CLIENT,
    statement="A request uses one authentication method only.",
)
def test_single_method(client: LabClient) -> None:
    """Do: get a token with the client's default method.

    Check: credentials in the header or in the body, not both.
    """
    client.try_get_token()
    for request in client.token_requests():
        basic = witness.basic_credentials(request)
        in_body = witness.value(request, "client_secret") or witness.value(request, "client_assertion")
        require(
            basic is None or not in_body,
            expected="credentials in the Authorization header or in the body, not in both",
            seen="credentials in both",
            mark=Mark(text="client_secret" if witness.value(request, "client_secret") else "client_assertion"),
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
    source="RFC 7591 2",
    grants=WITH_CLIENT,
    auth_methods=["client_secret_basic", "client_secret_post"],
    statement="The client uses the configured authentication method.",
    variants=["client_secret_basic", "client_secret_post"],
)
def test_method_as_configured(client: LabClient, variant: Variant) -> None:
    """Do: configure one of the two secret-based methods. Check: the first request uses it."""
    client.configure(token_endpoint_auth_method=variant.value)
    client.try_get_token()
    request = client.token_request()
    used = "client_secret_basic" if witness.basic_credentials(request) else "client_secret_post"
    require(used == variant.value, expected=variant.value, seen=used, mark=authorization_mark(client))


# RFC 6749 §3.2.1: a client without credentials identifies itself by client_id. §2.3.1: an empty secret may be
# sent.
@requirement(
    "auth.none-has-no-secret",
    level=MUST,
    source="RFC 6749 2.3, 3.2.1",
    grants=[REFRESH_TOKEN, PASSWORD],
    auth_methods=["none"],
    statement="A public client sends its client_id and no secret.",
)
def test_none_has_no_secret(client: LabClient) -> None:
    """Do: get a token as a public client without a secret. Check: client_id in the body, and no secret."""
    client.configure(token_endpoint_auth_method="none", client_secret=None)
    client.try_get_token()
    request = client.token_request()
    require(
        witness.value(request, "client_id") == client.config["client_id"],
        expected=f"client_id={client.config['client_id']} in the body",
        seen=f"client_id={witness.value(request, 'client_id')}",
        mark=Mark(text="client_id"),
    )
    require(
        not witness.value(request, "client_secret") and request.header("authorization") is None,
        expected="no client_secret and no Authorization header",
        seen=f"client_secret={witness.value(request, 'client_secret')}, Authorization: {request.header('authorization')}",
        mark=authorization_mark(client) if request.header("authorization") else Mark(text="client_secret"),
    )


# RFC 6749 §2.3.1: "MUST NOT be included in the request URI".
@requirement(
    "auth.not-in-url",
    level=MUST,
    source="RFC 6749 2.3.1",
    grants=WITH_CLIENT,
    statement="The request URI never contains client credentials.",
)
def test_not_in_url(client: LabClient) -> None:
    """Do: get a token. Check: no request target contains the secret or a parameter client_secret."""
    client.try_get_token()
    for request in client.token_requests():
        leaked = str(client.config["client_secret"]) in request.target or "client_secret" in request.target
        require(
            not leaked,
            expected="a request target without client credentials",
            seen=f"the request target {request.target}",
            mark=Mark(text=request.target),
        )
