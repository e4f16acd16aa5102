"""The assertion of the JWT bearer grant: its header, its claims, its signature.

Judged from the wire with PyJWT, another library than the mock server verifies with.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet import witness
from oauth_gauntlet.judge import advise, require
from oauth_gauntlet.key_material import private_pem
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark, Verdict
from oauth_gauntlet.protocol import JSON, ErrorInfo
from oauth_gauntlet.requirement import CONNECTOR, INTEROP, JWT_BEARER, MUST, SHOULD, Variant, requirement
from oauth_gauntlet_scenarios.strategies import unicode_text
from oauth_gauntlet_server import Tenant

_JWT = [JWT_BEARER]
_ASSERTION = Mark(text="assertion=")

# Clocks differ; a claim that says "now" may be this far off (the practice that RFC 7519 §4.1.4 describes).
_SKEW_S = 300


def _assertion(client: LabClient, **changes: JSON) -> witness.Assertion:
    client.configure(**changes)
    client.try_get_token()
    return witness.assertion(client.token_request())


# RFC 7523 §2.1: grant_type is the URN; assertion "MUST contain a single JWT".
@requirement(
    "jwt.grant-and-assertion",
    level=MUST,
    source="RFC 7523 2.1",
    grants=_JWT,
    statement="grant_type is the registered URN, and assertion holds a single JWT.",
)
def test_grant_and_assertion(client: LabClient) -> None:
    """Do: get a token. Check: the URN, one assertion, three parts that decode."""
    client.try_get_token()
    request = client.token_request()
    grant_type = witness.value(request, "grant_type")
    require(
        grant_type == "urn:ietf:params:oauth:grant-type:jwt-bearer",
        expected="grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer",
        seen=f"grant_type={grant_type}",
        mark=Mark(text="grant_type"),
    )
    witness.assertion(request)


# connector: JWT issuer, JWT subject, JWT audience. RFC 7523 §3: the JWT MUST contain iss, sub and aud.
@requirement(
    "jwt.claims",
    level=MUST,
    source="RFC 7523 3; connector: JWT issuer, subject, audience",
    grants=_JWT,
    statement="Issuer, subject and audience are as configured.",
    variants={"issuer": ("iss", "jwt_issuer"), "subject": ("sub", "jwt_subject"), "audience": ("aud", "jwt_audience")},
)
def test_claims(client: LabClient, variant: Variant) -> None:
    """Do: get a token. Check: the claim is the configured value; aud may be a string or an array of one."""
    claim, key = variant.value
    sent = _assertion(client).claims.get(claim)
    configured = client.config[key]
    require(
        sent == configured or (claim == "aud" and sent == [configured]),
        expected=f"the claim {claim} to be {configured!r}",
        seen=f"{sent!r}",
        mark=_ASSERTION,
    )


@requirement(
    "jwt.claims-roundtrip",
    level=MUST,
    source="RFC 7523 3, RFC 7519 7.1",
    grants=_JWT,
    statement="Any text configured as issuer, subject or audience is the claim's value, octet for octet.",
)
@given(issuer=unicode_text(), subject=unicode_text(), audience=unicode_text())
def test_claims_roundtrip(client: LabClient, tenant: Tenant, issuer: str, subject: str, audience: str) -> None:
    """Do: generated Unicode texts as issuer, subject and audience. Check: the claims are these very texts."""
    tenant.configure(strict=False)
    tenant.journal.clear()
    client.obtain(jwt_issuer=issuer, jwt_subject=subject, jwt_audience=audience)
    for request in tenant.journal.requests("token"):
        claims = witness.assertion(request).claims
        sent = (claims.get("iss"), claims.get("sub"), claims.get("aud"))
        require(
            sent == (issuer, subject, audience) if not isinstance(sent[2], list) else sent[2] == [audience],
            expected=f"iss {issuer!r}, sub {subject!r}, aud {audience!r}",
            seen=f"iss {sent[0]!r}, sub {sent[1]!r}, aud {sent[2]!r}",
            mark=_ASSERTION,
        )


# RFC 7523 §3: "The JWT MUST contain an "exp" claim that limits the time window during which the JWT can be used."
# RFC 7519 §2: NumericDate is a JSON number of seconds.
@requirement(
    "jwt.exp-present",
    level=MUST,
    source="RFC 7523 3, RFC 7519 4.1.4",
    grants=_JWT,
    statement="exp is there: a number of seconds, in the future, and not unreasonably far.",
)
def test_exp_present(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token. Check: exp is a number, later than now, by at most 24 h (more than an hour is advised against)."""
    expires = _assertion(client).claims.get("exp")
    require(
        isinstance(expires, int | float) and not isinstance(expires, bool),
        expected="exp to be a number of seconds",
        seen=f"{expires!r}",
        mark=_ASSERTION,
    )
    assert isinstance(expires, int | float)
    remaining = expires - tenant.clock.now()
    require(remaining > 0, expected="exp in the future", seen=f"it lies {-remaining:.0f} s in the past", mark=_ASSERTION)
    require(
        remaining < 10 * 365 * 86400,
        expected="exp in seconds since 1970",
        seen=f"exp={expires!r}, as milliseconds would be",
        mark=_ASSERTION,
    )
    advise(
        remaining <= 3600 + _SKEW_S,
        expected="an assertion that lives an hour at most",
        seen=f"{remaining:.0f} s",
        mark=_ASSERTION,
    )


# RFC 7519 §4.1.6: iat "identifies the time at which the JWT was issued". It may be absent (RFC 7523 §3).
@requirement(
    "jwt.iat-sane",
    level=SHOULD,
    source="RFC 7519 4.1.6",
    grants=_JWT,
    statement="iat, where it is sent, is now.",
)
def test_iat_sane(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token. Check: iat is absent, or a number within five minutes of now."""
    issued = _assertion(client).claims.get("iat")
    require(
        issued is None or (isinstance(issued, int | float) and abs(issued - tenant.clock.now()) <= _SKEW_S),
        expected="iat within five minutes of now, or absent",
        seen=f"iat={issued!r}",
        mark=_ASSERTION,
    )


# RFC 7523 §3: nbf "identifies the time before which the token MUST NOT be accepted for processing".
@requirement(
    "jwt.nbf-sane",
    level=MUST,
    source="RFC 7523 3",
    grants=_JWT,
    statement="nbf, where it is sent, is not in the future.",
)
def test_nbf_sane(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token. Check: nbf is absent, or a number not later than now."""
    not_before = _assertion(client).claims.get("nbf")
    require(
        not_before is None or (isinstance(not_before, int | float) and not_before <= tenant.clock.now() + 1),
        expected="nbf not in the future, or absent",
        seen=f"nbf={not_before!r}",
        mark=_ASSERTION,
    )


# RFC 7519 §4.1.7: the identifier is "assigned in a manner that ensures that there is a negligible probability that the
# same value will be accidentally assigned to a different data object". It may be absent. The same assertion may be
# sent twice while it is valid, but servers may refuse the second one as a replay (RFC 7523 §3).
@requirement(
    "jwt.jti-unique",
    level=SHOULD,
    source="RFC 7519 4.1.7, RFC 7523 3",
    grants=_JWT,
    statement="jti, where it is sent, is never used twice.",
)
def test_jti_unique(client: LabClient) -> None:
    """Do: three tokens, each after configuring anew. Check: jti is absent, or different each time."""
    found = [_assertion(client).claims.get("jti") for _ in range(3)]
    present = [identifier for identifier in found if identifier is not None]
    require(
        len(set(map(str, present))) == len(present),
        expected="a different jti in each assertion, or none",
        seen=f"{', '.join(map(str, found))}",
        mark=_ASSERTION,
    )


# RFC 7523 §3: "The JWT MUST be digitally signed or have a Message Authentication Code (MAC) applied by the issuer."
@requirement(
    "jwt.signature-valid",
    level=MUST,
    source="RFC 7523 3, RFC 7515 5.1",
    grants=_JWT,
    statement="The assertion is signed with the configured key: never alg none, never with another key.",
)
def test_signature_valid(client: LabClient) -> None:
    """Do: get a token. Check: the signature verifies with the public half of the configured key."""
    problem = witness.signature_problem(_assertion(client), "rsa")
    require(
        problem is None,
        expected="a signature that verifies with the configured key",
        seen=f"{problem}",
        mark=_ASSERTION,
    )


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


# connector: "If required, additional headers in JSON format can be added."
@requirement(
    "jwt.header-members",
    level=CONNECTOR,
    source="connector: additional headers in JSON format",
    grants=_JWT,
    parameters=["jwt_header"],
    statement="Members of the configured header arrive unchanged.",
)
def test_header_members(client: LabClient) -> None:
    """Do: a JWT header with typ, kid and x5t. Check: all three are in the assertion's header as configured."""
    header = {"typ": "JWT", "alg": "RS256", "kid": "gauntlet-key-1", "x5t": "dGh1bWJwcmludA"}
    sent = _assertion(client, jwt_header=header).header
    wrong = {name: sent.get(name) for name in header if sent.get(name) != header[name]}
    require(
        not wrong,
        expected=", ".join(f"{name} {header[name]!r}" for name in wrong),
        seen=", ".join(f"{name} {value!r}" for name, value in wrong.items()),
        mark=_ASSERTION,
    )


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


# RFC 7515 §2: base64url "with all trailing '=' characters omitted".
@requirement(
    "jwt.base64url-unpadded",
    level=MUST,
    source="RFC 7515 2",
    grants=_JWT,
    statement="The parts are base64url without padding, whatever their length.",
    variants={"one": "a", "two": "ab", "three": "abc"},
)
def test_base64url_unpadded(client: LabClient, variant: Variant) -> None:
    """Do: subjects of three lengths, so that every remainder occurs. Check: no padding, only the URL-safe alphabet."""
    _assertion(client, jwt_subject=variant.value)


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


@requirement(
    "jwt.fresh-per-request",
    level=INTEROP,
    source="practice; RFC 7523 3",
    grants=_JWT,
    capabilities=["clock", "cache", "auto_refresh"],
    statement="After an assertion has expired, a new one is made.",
)
def test_fresh_per_request(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token, move both clocks a day ahead, get another. Check: the second assertion has not expired."""
    client.get_token()
    client.advance_clock(86400)
    client.try_get_token()
    expires = witness.assertion(client.token_request()).claims.get("exp")
    require(
        isinstance(expires, int | float) and expires > tenant.clock.now(),
        expected="an assertion whose exp lies in the future",
        seen=f"exp={expires!r}, now={tenant.clock.now():.0f}",
        mark=_ASSERTION,
    )
