"""The parameters of the request: one assertion of the right type, and no second method."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import EXPIRY, INTEROP, MUST, REFRESH, Variant, practice, quote, requirement, rule
from oauth_gauntlet_scenarios.clientauth.client_assertion import (
    CLIENT_ASSERTION,
    METHODS,
    WITH_CLIENT,
    changes_for,
    sent_client_assertion,
)
from oauth_gauntlet_scenarios.jwt.sent_assertion import readable_assertion
from oauth_gauntlet_server import Tenant, faults

_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@requirement(
    "clientauth.assertion-type",
    level=MUST,
    basis=rule(
        "RFC 7523 2.2",
        'The value of the "client_assertion_type" is "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".',
    ),
    grants=WITH_CLIENT,
    auth_method_variants=METHODS,
    statement="client_assertion_type is the registered URN.",
)
def test_assertion_type(client: LabClient, variant: Variant) -> None:
    """Do: get a token with each of the two methods. Check: client_assertion_type is the URN, once."""
    client.obtain(**changes_for(client, variant.value))
    request = client.token_request()
    if not any(witness.values(request, "client_assertion")):
        untestable("the client sent no client assertion")  # see clientauth.single-jwt
    require(
        witness.value(request, "client_assertion_type") == _TYPE,
        expected=f"client_assertion_type={_TYPE}",
        seen=witness.shown(request, "client_assertion_type"),
        mark=Mark(text="client_assertion_type"),
    )


@requirement(
    "clientauth.single-jwt",
    level=MUST,
    basis=[
        rule("RFC 7523 2.2", 'The value of the "client_assertion" parameter contains a single JWT.'),
        quote("RFC 7523 2.2", "It MUST NOT contain more than one JWT."),
    ],
    grants=WITH_CLIENT,
    auth_method_variants=METHODS,
    renewals=[EXPIRY, REFRESH],
    statement="client_assertion contains a single JWT.",
)
def test_single_jwt(client: LabClient, variant: Variant) -> None:
    """Do: get a token with each of the two methods. Check: client_assertion occurs once, and is one JWT that decodes."""
    client.obtain(**changes_for(client, variant.value))
    witness.assertion(client.token_request(), "client_assertion")


# A client_id beside the assertion is no second method: see clientauth.client-id.
@requirement(
    "clientauth.no-other-method",
    level=MUST,
    basis=quote("RFC 6749 2.3", "The client MUST NOT use more than one authentication method in each request."),
    grants=WITH_CLIENT,
    auth_method_variants=METHODS,
    renewals=[EXPIRY, REFRESH],
    statement="Beside a client assertion there is neither a client secret nor an Authorization header.",
)
def test_no_other_method(client: LabClient, variant: Variant) -> None:
    """Do: get a token with each of the two methods.

    Check: beside the client assertion the request has no client_secret and no Authorization header.
    """
    client.obtain(**changes_for(client, variant.value))
    request = client.token_request()
    if not any(witness.values(request, "client_assertion")):
        untestable("the client sent no client assertion")  # see clientauth.single-jwt
    header, secret = request.header("authorization"), witness.value(request, "client_secret")
    require(
        header is None and not secret,
        expected="no client_secret and no Authorization header",
        seen=f"client_secret={secret}, Authorization: {header}",
        mark=Mark(text=header or "client_secret="),
    )


@requirement(
    "clientauth.client-id",
    level=MUST,
    basis=quote(
        "RFC 7521 4.2",
        'If present, the value of the "client_id" parameter MUST identify the same client as is identified by the client '
        "assertion.",
    ),
    grants=WITH_CLIENT,
    auth_method_variants=METHODS,
    statement="The parameter client_id, if sent, names the client of the assertion.",
)
def test_client_id(client: LabClient, variant: Variant) -> None:
    """Do: get a token with each of the two methods. Check: client_id is absent, or the value of sub."""
    subject = sent_client_assertion(client, variant.value).claims.get("sub")
    if not isinstance(subject, str):
        untestable(f"the assertion names no client: sub={subject!r}")
    sent = witness.value(client.token_request(), "client_id")
    require(
        sent in {None, subject},
        expected=f"no client_id, or client_id={subject}",
        seen=f"client_id={sent}",
        mark=Mark(text="client_id="),
    )


@requirement(
    "clientauth.accepted",
    level=INTEROP,
    basis=practice("A server that checks everything that RFC 7523 3 lets it check authenticates the client."),
    covered_by=[
        "clientauth.assertion-type",
        "clientauth.single-jwt",
        "clientauth.no-other-method",
        "clientauth.client-id",
        "clientauth.issuer",
        "clientauth.subject",
        "clientauth.audience",
        "clientauth.expiry",
        "clientauth.signature",
        "clientauth.jti-unique",
    ],
    grants=WITH_CLIENT,
    auth_method_variants=METHODS,
    renewals=[EXPIRY, REFRESH],
    statement="The client gets a token with the method from a strict server.",
)
def test_accepted(client: LabClient, variant: Variant) -> None:
    """Do: get a token with each of the two methods. Check: the application gets it."""
    client.configure(**changes_for(client, variant.value))
    client.get_token()


_ONCE = practice("Servers accept a client assertion once (RFC 7523 3 lets them keep the jti values), and not after its exp.")


@requirement(
    "clientauth.fresh-per-request",
    level=INTEROP,
    basis=_ONCE,
    grants=WITH_CLIENT,
    auth_method_variants=METHODS,
    statement="Each token request has an assertion of its own, also after a failure.",
)
def test_fresh_per_request(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers 503; the application asks again, or the client does. Check: no assertion is sent twice.

    Two assertions without a jti differ if a second begins between them; so there are three rounds for them.
    """
    for _ in range(3):
        client.configure(**changes_for(client, variant.value))
        tenant.arm(faults.http_status(503, "later", content_type="text/plain"))
        client.try_get_token()
        tenant.clear_faults()
        client.try_get_token()
        _require_fresh(client)
        if "jti" in readable_assertion(client, "client_assertion").claims:
            break


@requirement(
    "clientauth.fresh-at-renewal",
    level=INTEROP,
    basis=_ONCE,
    covered_by=["clientauth.fresh-per-request", "clientauth.expiry"],
    grants=WITH_CLIENT,
    auth_method_variants=METHODS,
    capabilities=["clock", "cache", "auto_refresh"],
    statement="A renewal has an assertion of its own, which has not expired.",
)
def test_fresh_at_renewal(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: get a token, move both clocks ahead by a day, get another token.

    Check: no assertion is sent twice, and the second one has not expired.
    """
    client.configure(**changes_for(client, variant.value))
    client.try_get_token()
    client.advance(86400)
    client.try_get_token()
    _require_fresh(client)
    expires = readable_assertion(client, "client_assertion").claims.get("exp")
    require(
        isinstance(expires, int | float) and expires > tenant.clock.now(),
        expected="an assertion with exp in the future",
        seen=f"exp={expires!r}, now={tenant.clock.now():.0f}",
        mark=CLIENT_ASSERTION,
    )


def _require_fresh(client: LabClient) -> None:
    sent = [witness.value(request, "client_assertion") for request in client.token_requests()]
    if len(sent) < 2 or not all(sent):
        untestable("the client sent fewer than two client assertions")
    require(
        len(set(sent)) == len(sent),
        expected="an assertion of its own in each request",
        seen=f"{len(set(sent))} assertion(s) in {len(sent)} requests",
        mark=CLIENT_ASSERTION,
    )
