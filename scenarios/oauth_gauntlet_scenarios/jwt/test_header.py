"""The header: the configured members arrive."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.key_material import private_pem
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import CONNECTOR, Variant, requirement
from oauth_gauntlet_scenarios.jwt.sent_assertion import ASSERTION, JWT, sent_assertion
from oauth_gauntlet_scenarios.strategies import unicode_text
from oauth_gauntlet_server import Tenant


# connector: "The header consist of the type of the token (JWT), and the signing algorithm being used."
@requirement(
    "jwt.header-alg",
    level=CONNECTOR,
    source="connector: signing algorithm being used; RFC 7518 3.1",
    grants=JWT,
    parameters=["jwt_header"],
    statement="The client signs with the alg of the configured header.",
    variants={
        "rs256": ("RS256", "rsa"),
        "rs512": ("RS512", "rsa"),
        "ps256": ("PS256", "rsa"),
        "es256": ("ES256", "ec"),
    },
)
def test_header_alg(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure alg in the JWT header, with a key that fits.

    Check: this alg, and a signature that verifies.

    A clear refusal of an unsupported algorithm is accepted.
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
        mark=ASSERTION,
    )
    problem = witness.signature_problem(found, kind)
    require(problem is None, expected=f"a valid {algorithm} signature", seen=f"{problem}", mark=ASSERTION)


# connector: "The header consist of the type of the token (JWT)"
@requirement(
    "jwt.header-typ",
    level=CONNECTOR,
    source="connector: the type of the token (JWT); RFC 7519 5.1",
    grants=JWT,
    parameters=["jwt_header"],
    statement="The header has the configured typ.",
    variants={"jwt": "JWT", "lower": "jwt", "explicit": "authorization-grant+jwt"},
)
def test_header_typ(client: LabClient, variant: Variant) -> None:
    """Do: configure a header with alg and typ: the example's typ and two others.

    Check: the assertion has this typ.
    """
    sent = sent_assertion(client, jwt_header={"typ": variant.value, "alg": "RS256"}).header.get("typ")
    require(sent == variant.value, expected=f"typ {variant.value!r}", seen=f"typ {sent!r}", mark=ASSERTION)


# connector: "If required, additional headers in JSON format can be added."
@requirement(
    "jwt.header-extra",
    level=CONNECTOR,
    source="connector: additional headers in JSON format; RFC 7515 4.1",
    grants=JWT,
    parameters=["jwt_header"],
    statement="Other members of the configured header arrive unchanged.",
    variants={
        "kid": ("kid", "gauntlet-key-1"),
        "x5t": ("x5t", "dGh1bWJwcmludA"),
        "number": ("x-gauntlet", 7),
        "array": ("x5c", ["MIIB", "MIIC"]),
        "object": ("x-gauntlet", {"a": [1, None, True]}),
    },
)
def test_header_extra(client: LabClient, variant: Variant) -> None:
    """Do: configure a header with one more member, of several JSON types.

    Check: the assertion's header has it unchanged.

    A clear refusal of a member that is not a string is accepted.
    """
    name, value = variant.value
    answer = client.obtain(jwt_header={"typ": "JWT", "alg": "RS256", name: value})
    if not client.token_requests() and not isinstance(value, str):
        require(isinstance(answer, ErrorInfo), expected="a request, or a refusal", seen=described(answer))
        return
    sent = witness.assertion(client.token_request()).header.get(name)
    require(sent == value, expected=f"{name} {value!r}", seen=f"{name} {sent!r}", mark=ASSERTION)


@requirement(
    "jwt.header-roundtrip",
    level=CONNECTOR,
    source="connector: additional headers in JSON format; RFC 7515 4.1",
    grants=JWT,
    parameters=["jwt_header"],
    statement="Any text as kid, and any string as a private header member, arrives unchanged.",
)
@given(kid=unicode_text(20), private=st.text(st.characters(codec="utf-8"), max_size=20))
def test_header_roundtrip(client: LabClient, tenant: Tenant, kid: str, private: str) -> None:
    """Do: configure a generated kid and a generated private member.

    Check: the assertion's header has exactly these values.
    """
    tenant.configure(strict=False)
    tenant.journal.clear()
    client.obtain(jwt_header={"typ": "JWT", "alg": "RS256", "kid": kid, "x-gauntlet": private})
    for request in tenant.journal.requests("token"):
        header = witness.assertion(request).header
        require(
            (header.get("kid"), header.get("x-gauntlet")) == (kid, private),
            expected=f"kid {kid!r} and x-gauntlet {private!r}",
            seen=f"kid {header.get('kid')!r} and x-gauntlet {header.get('x-gauntlet')!r}",
            mark=ASSERTION,
        )
