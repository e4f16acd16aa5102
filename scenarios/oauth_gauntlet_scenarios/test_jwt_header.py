"""The header of the assertion: what was configured is in it, and its alg is the one that signed.

Judged from the wire with PyJWT, another library than the mock server verifies with.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.key_material import private_pem
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark, Verdict
from oauth_gauntlet.protocol import JSON, ErrorInfo
from oauth_gauntlet.requirement import CONNECTOR, JWT_BEARER, MUST, Variant, requirement
from oauth_gauntlet_scenarios.strategies import unicode_text
from oauth_gauntlet_server import Tenant

_JWT = [JWT_BEARER]
_ASSERTION = Mark(text="assertion=")


def _assertion(client: LabClient, **changes: JSON) -> witness.Assertion:
    client.configure(**changes)
    client.try_get_token()
    return witness.assertion(client.token_request())


# connector: "The header consist of the type of the token (JWT), and the signing algorithm being used."
@requirement(
    "jwt.header-alg",
    level=CONNECTOR,
    source="connector: signing algorithm being used; RFC 7518 3.1",
    grants=_JWT,
    parameters=["jwt_header"],
    statement="The alg of the configured header is the one that is used.",
    variants={
        "rs256": ("RS256", "rsa"),
        "rs512": ("RS512", "rsa"),
        "ps256": ("PS256", "rsa"),
        "es256": ("ES256", "ec"),
    },
)
def test_header_alg(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure alg in the JWT header, with a key that fits. Check: this alg, and a signature that verifies.

    A clear refusal of an algorithm that the client does not support is fine.
    """
    algorithm, kind = variant.value
    answer = client.obtain(jwt_header={"typ": "JWT", "alg": algorithm}, private_key=private_pem(kind))
    if not tenant.journal.count("token"):
        require(isinstance(answer, ErrorInfo), expected="a request, or a refusal", seen=described(answer))
        return
    found = witness.assertion(client.token_request())
    require(
        found.header.get("alg") == algorithm,
        expected=f"alg {algorithm}",
        seen=f"alg {found.header.get('alg')!r}",
        mark=_ASSERTION,
    )
    problem = witness.signature_problem(found, kind)
    require(problem is None, expected=f"a valid {algorithm} signature", seen=f"{problem}", mark=_ASSERTION)


# connector: "The header consist of the type of the token (JWT)"
@requirement(
    "jwt.header-typ",
    level=CONNECTOR,
    source="connector: the type of the token (JWT); RFC 7519 5.1",
    grants=_JWT,
    parameters=["jwt_header"],
    statement="The typ of the configured header arrives.",
    variants={"jwt": "JWT", "lower": "jwt", "explicit": "authorization-grant+jwt"},
)
def test_header_typ(client: LabClient, variant: Variant) -> None:
    """Do: a header with alg and a typ, the example's and two others. Check: the assertion's typ is the configured one."""
    sent = _assertion(client, jwt_header={"typ": variant.value, "alg": "RS256"}).header.get("typ")
    require(sent == variant.value, expected=f"typ {variant.value!r}", seen=f"typ {sent!r}", mark=_ASSERTION)


# connector: "If required, additional headers in JSON format can be added."
@requirement(
    "jwt.header-extra",
    level=CONNECTOR,
    source="connector: additional headers in JSON format; RFC 7515 4.1",
    grants=_JWT,
    parameters=["jwt_header"],
    statement="Further members of the configured header arrive unchanged.",
    variants={
        "kid": ("kid", "gauntlet-key-1"),
        "x5t": ("x5t", "dGh1bWJwcmludA"),
        "number": ("x-gauntlet", 7),
        "array": ("x5c", ["MIIB", "MIIC"]),
        "object": ("x-gauntlet", {"a": [1, None, True]}),
    },
)
def test_header_extra(client: LabClient, variant: Variant) -> None:
    """Do: a header with one more member, of several JSON types. Check: it is in the assertion's header as configured.

    A clear refusal of a member that is no string is fine.
    """
    name, value = variant.value
    answer = client.obtain(jwt_header={"typ": "JWT", "alg": "RS256", name: value})
    if not client.token_requests() and not isinstance(value, str):
        require(isinstance(answer, ErrorInfo), expected="a request, or a refusal", seen=described(answer))
        return
    sent = witness.assertion(client.token_request()).header.get(name)
    require(sent == value, expected=f"{name} {value!r}", seen=f"{name} {sent!r}", mark=_ASSERTION)


# RFC 7518 §3.4: "The ECDSA signature is the value R || S", 64 octets for ES256; many libraries give DER instead.
@requirement(
    "jwt.ecdsa-raw-signature",
    level=MUST,
    source="RFC 7518 3.4",
    grants=_JWT,
    parameters=["jwt_header"],
    statement="An ES256 signature is R and S side by side, 64 octets, and not DER.",
)
def test_ecdsa_raw_signature(client: LabClient, tenant: Tenant) -> None:
    """Do: ES256 with a P-256 key. Check: 64 octets that verify. A clear refusal of ES256 is fine."""
    answer = client.obtain(jwt_header={"alg": "ES256"}, private_key=private_pem("ec"))
    if not tenant.journal.count("token"):
        require(isinstance(answer, ErrorInfo), expected="a request, or a refusal", seen=described(answer))
        return
    found = witness.assertion(client.token_request())
    require(
        len(found.signature) == 64,
        expected="a signature of 64 octets (R and S)",
        seen=f"{len(found.signature)} octets",
        mark=_ASSERTION,
    )
    problem = witness.signature_problem(found, "ec")
    require(problem is None, expected="a valid ES256 signature", seen=f"{problem}", mark=_ASSERTION)


# RFC 7518 §3.1 ties each algorithm to a type of key.
@requirement(
    "jwt.alg-key-mismatch",
    level=MUST,
    source="RFC 7518 3",
    grants=_JWT,
    parameters=["jwt_header"],
    statement="An algorithm that does not fit the key is an error before any request.",
    variants={"es256-with-rsa": ("ES256", "rsa"), "rs256-with-ec": ("RS256", "ec"), "hs256-with-rsa": ("HS256", "rsa")},
)
def test_alg_key_mismatch(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: an alg for another type of key, or one that would use the private key's text as a secret.

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
            mark=_ASSERTION,
        )
        return
    require(isinstance(answer, ErrorInfo), expected="an error", seen=described(answer))


# RFC 8725 §3.2: "JWT libraries SHOULD NOT generate JWTs using "none" unless explicitly requested to do so by the caller";
# RFC 7523 §3 wants a signature whatever the caller says.
@requirement(
    "jwt.alg-none-refused",
    level=MUST,
    source="RFC 7523 3, RFC 8725 3.2",
    grants=_JWT,
    parameters=["jwt_header"],
    statement="alg none in the configured header never leads to an unsigned assertion.",
    variants={"lower": "none", "capitalised": "None", "upper": "NONE"},
)
def test_alg_none_refused(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: alg none in the JWT header. Check: refused, or signed all the same; never sent unsigned."""
    answer = client.obtain(jwt_header={"typ": "JWT", "alg": variant.value})
    for request in tenant.journal.requests("token"):
        found = witness.assertion(request)
        problem = witness.signature_problem(found, "rsa")
        require(
            problem is None,
            expected="a refusal of alg none, or a signed assertion",
            seen=f"an assertion was sent: {problem}",
            mark=_ASSERTION,
        )
    if not tenant.journal.count("token"):
        require(isinstance(answer, ErrorInfo), expected="an error", seen=described(answer), grade=Verdict.WARN)


@requirement(
    "jwt.header-roundtrip",
    level=CONNECTOR,
    source="connector: additional headers in JSON format; RFC 7515 4.1",
    grants=_JWT,
    parameters=["jwt_header"],
    statement="Any text as kid, and any string as a private header member, arrives unchanged.",
)
@given(kid=unicode_text(20), private=st.text(st.characters(codec="utf-8"), max_size=20))
def test_header_roundtrip(client: LabClient, tenant: Tenant, kid: str, private: str) -> None:
    """Do: generated kid and a generated private member. Check: the assertion's header holds just these values."""
    tenant.configure(strict=False)
    tenant.journal.clear()
    client.obtain(jwt_header={"typ": "JWT", "alg": "RS256", "kid": kid, "x-gauntlet": private})
    for request in tenant.journal.requests("token"):
        header = witness.assertion(request).header
        require(
            (header.get("kid"), header.get("x-gauntlet")) == (kid, private),
            expected=f"kid {kid!r} and x-gauntlet {private!r}",
            seen=f"kid {header.get('kid')!r} and x-gauntlet {header.get('x-gauntlet')!r}",
            mark=_ASSERTION,
        )
