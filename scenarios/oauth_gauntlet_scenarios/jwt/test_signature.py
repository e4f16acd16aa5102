"""The signature and its algorithm."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.key_material import private_pem
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.requirement import EXPIRY, MUST, Variant, quote, requirement, rule
from oauth_gauntlet_scenarios.jwt.sent_assertion import (
    ASSERTION,
    JWT,
    readable_assertion,
    require_clear_refusal,
    sent_assertion,
)

_SIGNED = quote(
    "RFC 7523 3", "The JWT MUST be digitally signed or have a Message Authentication Code (MAC) applied by the issuer."
)


@requirement(
    "jwt.signature-valid",
    level=MUST,
    basis=_SIGNED,
    grants=JWT,
    refused_as=["The assertion's signature does not verify", "No registered key fits the assertion's alg"],
    renewals=[EXPIRY],
    statement="The assertion is signed with the configured key: never with alg none, never with another key.",
)
def test_signature_valid(client: LabClient) -> None:
    """Do: get a token. Check: the signature verifies with the public key of the configured private key."""
    problem = witness.signature_problem(sent_assertion(client), "rsa")
    require(
        problem is None,
        expected="a signature that verifies with the configured key",
        seen=f"{problem}",
        mark=ASSERTION,
    )


# Many cryptographic libraries return DER. ES256 is optional: a client that does not know it is untestable.
@requirement(
    "jwt.ecdsa-raw-signature",
    level=MUST,
    basis=[
        rule("RFC 7518 3.4", "Concatenate the two octet sequences in the order R and then S."),
        rule("RFC 7518 3.4", "The resulting 64-octet sequence is the JWS Signature value."),
    ],
    grants=JWT,
    parameters=["jwt_header"],
    statement="An ES256 signature is R and S concatenated, 64 octets, and not DER.",
)
def test_ecdsa_raw_signature(client: LabClient) -> None:
    """Do: configure ES256 with a P-256 key. Check: 64 octets that verify."""
    answer = client.obtain(jwt_header={"alg": "ES256"}, private_key=private_pem("ec"))
    if not client.token_requests():
        untestable(f"the client does not sign with ES256: it reported {described(answer)}")
    found = readable_assertion(client)
    if found.header.get("alg") != "ES256":
        untestable(f"the client signed with {found.header.get('alg')!r}, not with ES256")
    require(
        len(found.signature) == 64,
        expected="a signature of 64 octets (R and S)",
        seen=f"{len(found.signature)} octets",
        mark=ASSERTION,
    )
    problem = witness.signature_problem(found, "ec")
    require(problem is None, expected="a valid ES256 signature", seen=f"{problem}", mark=ASSERTION)


# HS256 with the private key's text as its secret is not among the variants: RFC 7523 3 (9) allows a MAC, and the text is long
# enough for one (RFC 7518 3.2). No server would accept it, but the key does not become known.
@requirement(
    "jwt.alg-key-mismatch",
    level=MUST,
    basis=[
        quote(
            "RFC 8725 3.1",
            'The library MUST ensure that the "alg" or "enc" header specifies the same algorithm that is used for the '
            "cryptographic operation.",
        ),
        _SIGNED,
    ],
    grants=JWT,
    parameters=["jwt_header"],
    statement="An assertion never names an algorithm that does not fit the key.",
    variants={"es256-with-rsa": ("ES256", "rsa", "RS256"), "rs256-with-ec": ("RS256", "ec", "ES256")},
)
def test_alg_key_mismatch(client: LabClient, variant: Variant) -> None:
    """Do: configure an alg for another type of key.

    Check: an error and no request, or a request with an algorithm that fits and a valid signature.
    """
    algorithm, kind, fitting = variant.value
    client.control(jwt_header={"alg": fitting}, private_key=private_pem(kind))
    answer = client.obtain(jwt_header={"alg": algorithm}, private_key=private_pem(kind))
    for request in client.token_requests():
        found = witness.assertion(request)
        require(
            witness.signature_problem(found, kind) is None,
            expected=f"an error before any request: {algorithm} does not fit the key",
            seen=f"an assertion with alg {found.header.get('alg')!r} was sent",
            mark=ASSERTION,
        )
    if not client.token_requests():
        require_clear_refusal(answer, f"{algorithm}, which does not fit the key")


# RFC 8725 3.2 lets a library write alg none when the caller asks for it; RFC 7523 does not let a client send it.
@requirement(
    "jwt.alg-none-refused",
    level=MUST,
    basis=_SIGNED,
    grants=JWT,
    parameters=["jwt_header"],
    statement="alg none in the configured header never leads to an unsigned assertion.",
    variants={"lower": "none", "capitalised": "None", "upper": "NONE"},
)
def test_alg_none_refused(client: LabClient, variant: Variant) -> None:
    """Do: configure alg none in the JWT header.

    Check: a refusal, or a signed assertion; never an unsigned one.
    """
    client.control(jwt_header={"typ": "JWT", "alg": "RS256"})
    answer = client.obtain(jwt_header={"typ": "JWT", "alg": variant.value})
    for request in client.token_requests():
        problem = witness.signature_problem(witness.assertion(request), "rsa")
        require(
            problem is None,
            expected="a refusal of alg none, or a signed assertion",
            seen=f"an assertion was sent: {problem}",
            mark=ASSERTION,
        )
    if not client.token_requests():
        require_clear_refusal(answer, f"alg {variant.value}")
