"""The signature of the client assertion: with the private key, or a MAC with the client secret."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.requirement import MUST, Variant, quote, requirement
from oauth_gauntlet_scenarios.clientauth.client_assertion import (
    CLIENT_ASSERTION,
    METHODS,
    SECRET,
    WITH_CLIENT,
    changes_for,
    sent_client_assertion,
)
from oauth_gauntlet_scenarios.jwt.sent_assertion import require_clear_refusal


# OpenID Connect Core 1.0, 9, which defines client_secret_jwt: the key is "the octets of the UTF-8 representation of the
# client_secret".
@requirement(
    "clientauth.signature",
    level=MUST,
    basis=[
        quote(
            "RFC 7523 3",
            "The JWT MUST be digitally signed or have a Message Authentication Code (MAC) applied by the issuer.",
        ),
        quote(
            "RFC 7515 5.1",
            'The "alg" (algorithm) Header Parameter MUST be present in the JOSE Header, with the algorithm value accurately '
            "representing the algorithm used to construct the JWS Signature.",
        ),
    ],
    grants=WITH_CLIENT,
    auth_method_variants=METHODS,
    statement="The assertion is signed with the private key, or has a MAC with the client secret, as its alg says.",
)
def test_signature(client: LabClient, variant: Variant) -> None:
    """Do: get a token with each of the two methods.

    Check: the signature verifies with the public half of the configured key; the MAC verifies with the client secret.
    """
    found = sent_client_assertion(client, variant.value)
    with_secret = variant.value == "client_secret_jwt"
    problem = witness.mac_problem(found, SECRET) if with_secret else witness.signature_problem(found, "rsa")
    require(
        problem is None,
        expected="a MAC with the client secret" if with_secret else "a signature with the configured key",
        seen=f"{problem}",
        mark=CLIENT_ASSERTION,
    )


@requirement(
    "clientauth.short-secret",
    level=MUST,
    basis=quote(
        "RFC 7518 3.2",
        'A key of the same size as the hash output (for instance, 256 bits for "HS256") or larger MUST be used with this '
        "algorithm.",
    ),
    grants=WITH_CLIENT,
    auth_methods=["client_secret_jwt"],
    statement="A client secret of less than 256 bits is not used as a MAC key.",
)
def test_short_secret(client: LabClient) -> None:
    """Do: configure client_secret_jwt with a secret of 16 characters. Check: no assertion is sent."""
    changes = changes_for(client, "client_secret_jwt")
    client.control(**changes | {"jwt_audience": lambda tenant: tenant.issuer})
    answer = client.obtain(**changes | {"client_secret": "s" * 16})
    sent = [request for request in client.token_requests() if any(witness.values(request, "client_assertion"))]
    require(
        not sent,
        expected="a refusal of the short secret, and no assertion with it",
        seen=f"an assertion with a MAC of 128 bits of key was sent; the client reported {described(answer)}",
        mark=CLIENT_ASSERTION,
    )
    require_clear_refusal(answer, "the short client secret")
