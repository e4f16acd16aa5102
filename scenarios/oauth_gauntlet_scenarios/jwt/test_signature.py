"""The signature and its algorithm."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.key_material import private_pem
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Verdict
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import MUST, Variant, requirement
from oauth_gauntlet_scenarios.jwt.sent_assertion import ASSERTION, JWT, sent_assertion
from oauth_gauntlet_server import Tenant


# RFC 7523 §3: "The JWT MUST be digitally signed or have a Message Authentication Code (MAC) applied by the
# issuer."
@requirement(
    "jwt.signature-valid",
    level=MUST,
    source="RFC 7523 3, RFC 7515 5.1",
    grants=JWT,
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


# RFC 7518 §3.4: "The ECDSA signature is the value R || S", 64 octets for ES256; many libraries return DER.
@requirement(
    "jwt.ecdsa-raw-signature",
    level=MUST,
    source="RFC 7518 3.4",
    grants=JWT,
    parameters=["jwt_header"],
    statement="An ES256 signature is R and S concatenated, 64 octets, and not DER.",
)
def test_ecdsa_raw_signature(client: LabClient, tenant: Tenant) -> None:
    """Do: configure ES256 with a P-256 key.

    Check: 64 octets that verify. A clear refusal of ES256 is accepted.
    """
    answer = client.obtain(jwt_header={"alg": "ES256"}, private_key=private_pem("ec"))
    if not tenant.journal.count("token"):
        require(isinstance(answer, ErrorInfo), expected="a request, or a refusal", seen=described(answer))
        return
    found = witness.assertion(client.token_request())
    require(
        len(found.signature) == 64,
        expected="a signature of 64 octets (R and S)",
        seen=f"{len(found.signature)} octets",
        mark=ASSERTION,
    )
    problem = witness.signature_problem(found, "ec")
    require(problem is None, expected="a valid ES256 signature", seen=f"{problem}", mark=ASSERTION)


# RFC 7518 §3.1 ties each algorithm to a type of key.
@requirement(
    "jwt.alg-key-mismatch",
    level=MUST,
    source="RFC 7518 3",
    grants=JWT,
    parameters=["jwt_header"],
    statement="An algorithm that does not fit the key is an error before any request.",
    variants={"es256-with-rsa": ("ES256", "rsa"), "rs256-with-ec": ("RS256", "ec"), "hs256-with-rsa": ("HS256", "rsa")},
)
def test_alg_key_mismatch(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure an alg for another type of key, or HS256, with the private key's text as the secret.

    Check: an error and no request, or a request with an algorithm that fits and a valid signature.
    """
    algorithm, kind = variant.value
    answer = client.obtain(jwt_header={"alg": algorithm}, private_key=private_pem(kind))
    requests = tenant.journal.requests("token")
    if requests:
        found = witness.assertion(requests[0])
        require(
            witness.signature_problem(found, kind) is None,
            expected=f"an error before any request: {algorithm} does not fit the key",
            seen=f"an assertion with alg {found.header.get('alg')!r} was sent",
            mark=ASSERTION,
        )
        return
    require(isinstance(answer, ErrorInfo), expected="an error", seen=described(answer))


# RFC 8725 §3.2: "JWT libraries SHOULD NOT generate JWTs using "none" unless explicitly requested to do so by
# the caller"; RFC 7523 §3 requires a signature in any case.
@requirement(
    "jwt.alg-none-refused",
    level=MUST,
    source="RFC 7523 3, RFC 8725 3.2",
    grants=JWT,
    parameters=["jwt_header"],
    statement="alg none in the configured header never leads to an unsigned assertion.",
    variants={"lower": "none", "capitalised": "None", "upper": "NONE"},
)
def test_alg_none_refused(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure alg none in the JWT header.

    Check: a refusal, or a signed assertion; never an unsigned one.
    """
    answer = client.obtain(jwt_header={"typ": "JWT", "alg": variant.value})
    for request in tenant.journal.requests("token"):
        found = witness.assertion(request)
        problem = witness.signature_problem(found, "rsa")
        require(
            problem is None,
            expected="a refusal of alg none, or a signed assertion",
            seen=f"an assertion was sent: {problem}",
            mark=ASSERTION,
        )
    if not tenant.journal.count("token"):
        require(isinstance(answer, ErrorInfo), expected="an error", seen=described(answer), grade=Verdict.WARNING)
