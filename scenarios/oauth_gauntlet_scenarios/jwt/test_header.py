"""The header: RS256 is possible, and what a profile lets the user configure arrives."""

from __future__ import annotations

from hypothesis import given

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.key_material import private_pem
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.requirement import MUST, PROFILE, Variant, page, quote, requirement, rule
from oauth_gauntlet_scenarios.jwt.sent_assertion import ASSERTION, JWT, readable_assertion, sent_assertion
from oauth_gauntlet_scenarios.strategies import any_text, unicode_text
from oauth_gauntlet_server import Tenant

_PROFILE = "scim-connector"
_PAGE = "the connector's configuration page"
_HEADER = page(_PAGE, "The header consist of the type of the token (JWT), and the signing algorithm being used.")
_ADDITIONAL = page(_PAGE, "If required, additional headers in JSON format can be added.")

_ALGORITHMS = {
    "rs256": ("RS256", "rsa"),
    "rs512": ("RS512", "rsa"),
    "ps256": ("PS256", "rsa"),
    "es256": ("ES256", "ec"),
}


def _sent_with(client: LabClient, algorithm: str, kind: str) -> witness.Assertion:
    """Return the assertion of a client that is configured with this algorithm; untestable if it does not know it.

    Only RS256 is mandatory to implement (jwt.rs256); a client may refuse each other algorithm.
    """
    answer = client.obtain(jwt_header={"typ": "JWT", "alg": algorithm}, private_key=private_pem(kind))
    if not client.token_requests():
        untestable(f"the client does not sign with {algorithm}: it reported {described(answer)}")
    return readable_assertion(client)


# A library may choose the algorithm by the key, and refuse an alg in the header that it is given: then it is asked without.
@requirement(
    "jwt.rs256",
    level=MUST,
    basis=rule(
        "RFC 7523 5",
        'The "RS256" algorithm, from [JWA], is a mandatory-to-implement JSON Web Signature algorithm for this profile.',
    ),
    grants=JWT,
    parameters=["jwt_header"],
    statement="The client can sign with RS256.",
)
def test_rs256(client: LabClient) -> None:
    """Do: configure an RSA key, and a header with alg RS256; if the client refuses that header, only the key.

    Check: an assertion with alg RS256 that verifies.
    """
    client.control()
    client.obtain(jwt_header={"typ": "JWT", "alg": "RS256"}, private_key=private_pem("rsa"))
    if not client.token_requests():
        client.obtain(private_key=private_pem("rsa"))
    found = readable_assertion(client)
    require(found.header.get("alg") == "RS256", expected="alg RS256", seen=f"alg {found.header.get('alg')!r}", mark=ASSERTION)
    problem = witness.signature_problem(found, "rsa")
    require(problem is None, expected="a valid RS256 signature", seen=f"{problem}", mark=ASSERTION)


@requirement(
    "jwt.alg-accurate",
    level=MUST,
    basis=quote(
        "RFC 7515 5.1",
        'The "alg" (algorithm) Header Parameter MUST be present in the JOSE Header, with the algorithm value accurately '
        "representing the algorithm used to construct the JWS Signature.",
    ),
    grants=JWT,
    parameters=["jwt_header"],
    statement="The signature is made with the algorithm that alg names.",
    variants=_ALGORITHMS,
)
def test_alg_accurate(client: LabClient, variant: Variant) -> None:
    """Do: configure alg in the JWT header, with a key that fits.

    Check: the signature verifies with the alg of the assertion, whichever that is.
    """
    found = _sent_with(client, *variant.value)
    problem = witness.signature_problem(found, variant.value[1])
    require(problem is None, expected=f"a valid {found.header.get('alg')} signature", seen=f"{problem}", mark=ASSERTION)


@requirement(
    "jwt.header-alg",
    level=PROFILE,
    profile=_PROFILE,
    basis=_HEADER,
    grants=JWT,
    parameters=["jwt_header"],
    statement="The client signs with the alg of the configured header.",
    variants=_ALGORITHMS,
)
def test_header_alg(client: LabClient, variant: Variant) -> None:
    """Do: configure alg in the JWT header, with a key that fits. Check: the assertion has this alg."""
    algorithm, kind = variant.value
    sent = _sent_with(client, algorithm, kind).header.get("alg")
    require(sent == algorithm, expected=f"alg {algorithm}", seen=f"alg {sent!r}", mark=ASSERTION)


@requirement(
    "jwt.header-typ",
    level=PROFILE,
    profile=_PROFILE,
    basis=_HEADER,
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


@requirement(
    "jwt.header-extra",
    level=PROFILE,
    profile=_PROFILE,
    basis=_ADDITIONAL,
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

    With a member that is no string, a client that refuses it is untestable: the page's example has strings only.
    """
    name, value = variant.value
    answer = client.obtain(jwt_header={"typ": "JWT", "alg": "RS256", name: value})
    if not client.token_requests() and not isinstance(value, str):
        untestable(f"the client does not send such a member: it reported {described(answer)}")
    sent = readable_assertion(client).header.get(name)
    require(sent == value, expected=f"{name} {value!r}", seen=f"{name} {sent!r}", mark=ASSERTION)


@requirement(
    "jwt.header-roundtrip",
    level=PROFILE,
    profile=_PROFILE,
    basis=_ADDITIONAL,
    covered_by=["jwt.header-extra"],
    grants=JWT,
    parameters=["jwt_header"],
    statement="Any text as kid, and any string as a private header member, arrives unchanged.",
)
@given(kid=unicode_text(20), private=any_text(20))
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
