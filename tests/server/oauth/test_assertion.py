import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from oauth_gauntlet.key_material import private_pem, public_pem
from oauth_gauntlet_server.jose.keys import public_key, secret_key
from oauth_gauntlet_server.oauth.assertion import AssertionRefused, ParsedAssertion, parse, verify_claims, verify_signature
from oauth_gauntlet_server.tenancy.model import JWT_BEARER


def part_of(octets):
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"iss": None}, "iss"),
        ({"iss": "https://other.example"}, "iss"),
        ({"sub": None}, "sub"),
        ({"sub": ""}, "sub"),
        ({"aud": "https://other.example"}, "aud"),
        ({"aud": []}, "aud"),
        ({"aud": None}, "aud"),
        ({"exp": None}, "exp"),
        ({"exp": 1}, "exp"),
        ({"nbf": 10**11}, "nbf"),
        ({"iat": 10**11}, "iat"),
        ({"jti": 5}, "jti"),
    ],
)
def test_each_claim_is_checked(strict, ask, signed, changes, named):
    answer = ask(strict, grant_type=JWT_BEARER, assertion=signed(strict, **changes))
    assert (answer["error"], f"claim {named} " in answer["error_description"]) == ("invalid_grant", True)


def test_without_a_limit_an_assertion_may_be_as_old_and_live_as_long_as_it_says(strict, ask, signed):
    for changes in ({"exp": 10**12}, {"iat": 1}):
        assert "access_token" in ask(strict, grant_type=JWT_BEARER, assertion=signed(strict, **changes))


def test_time_limits_are_exact_to_the_second(strict, signed):
    skew, longest = strict.settings.skew_s, 86_400
    strict.configure(most_assertion_lifetime_s=longest)
    strict.clock = Frozen(1_000_000)

    def accepted(**changes):
        try:
            verify_claims(parse(signed(strict, **changes)), strict, audiences=[strict.issuer], replay_scope="x")
        except AssertionRefused:
            return False
        return True

    assert (accepted(exp=1_000_000 - skew + 1), accepted(exp=1_000_000 - skew)) == (True, False)
    assert (accepted(exp=1_000_000 + longest + skew), accepted(exp=1_000_000 + longest + skew + 1)) == (True, False)
    assert (accepted(nbf=1_000_000 + skew), accepted(nbf=1_000_000 + skew + 1)) == (True, False)
    assert (accepted(iat=1_000_000 + skew), accepted(iat=1_000_000 + skew + 1)) == (True, False)
    oldest = 1_000_000 - longest - skew
    assert (accepted(iat=oldest), accepted(iat=oldest - 1)) == (True, False)


class Frozen:
    def __init__(self, instant):
        self.instant = instant

    def now(self):
        return self.instant


def test_audience_may_be_the_issuer_or_the_token_endpoint_or_a_list(strict, ask, signed):
    for audience in (strict.issuer, strict.token_url, ["https://other.example", strict.issuer]):
        assert "access_token" in ask(strict, grant_type=JWT_BEARER, assertion=signed(strict, aud=audience))


def test_audience_may_be_the_url_that_the_client_uses(server, strict, http, signed):
    at_a_fault = f"{strict.issuer}/faults/json-charset/token"
    form = {"grant_type": JWT_BEARER, "assertion": signed(strict, aud=at_a_fault)}
    assert "access_token" in http.post(at_a_fault, data=form).json()
    with_query = f"{strict.token_url}?a=b%20c"
    form = {"grant_type": JWT_BEARER, "assertion": signed(strict, aud=with_query)}
    assert "access_token" in http.post(with_query, data=form).json()
    with server.open_port() as port:
        there = port.url_of(strict)
        form = {"grant_type": JWT_BEARER, "assertion": signed(strict, aud=there)}
        assert "access_token" in http.post(there, data=form).json()
        assert http.post(strict.token_url, data=form).json()["error"] == "invalid_grant"


def test_a_foreign_signature_and_alg_none_are_rejected(strict, ask, signed):
    other = ec.generate_private_key(ec.SECP256R1())
    for text in (signed(strict, other), signed(strict, None, "none"), signed(strict, "k" * 32, "HS256")):
        assert ask(strict, grant_type=JWT_BEARER, assertion=text)["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is not a JWT in compact form"),
        ("e30.e30", "is not a JWT in compact form"),
        ("e30.e30.e30.e30", "is not a JWT in compact form"),
        ("e30.e30=.x", "header or claims do not decode"),
        ("!.e30.x", "header or claims do not decode"),
        ("e!!!!30.e30.x", "header or claims do not decode"),
        ("e30.bm8.x", "header or claims do not decode"),
        (f"{'W1tb' * 40_000}.e30.x", "header or claims do not decode"),
        ("W10.e30.x", "header or claims are not a JSON object"),
        ("e30.W10.x", "header or claims are not a JSON object"),
        ("e30." + part_of("{}".encode("utf-16")) + ".x", "header or claims are not UTF-8"),
        ("e30." + part_of("{}".encode("utf-16-le")) + ".x", "header or claims do not decode"),
        ("e30." + part_of('{"a": "é"}'.encode("latin-1")) + ".x", "header or claims are not UTF-8"),
        (part_of("{}".encode("utf-8-sig")) + ".e30.x", "header or claims begin with a byte order mark"),
        ("e30." + part_of(b'{"exp": NaN}') + ".x", "header or claims do not decode"),
        ("e30." + part_of(b'{"iss": "a", "iss": "b"}') + ".x", "header or claims have a name twice"),
        (part_of(b'{"alg": "none", "alg": "ES256"}') + ".e30.x", "header or claims have a name twice"),
    ],
    ids=lambda value: value[:20],
)
def test_a_text_that_is_not_a_jwt_is_rejected(text, reason):
    with pytest.raises(AssertionRefused, match=f"^The assertion.*{reason}$"):
        parse(text)


def test_names_are_compared_in_one_object_only():
    """RFC 7519 §4 is about the names of the claims; RFC 8259 §4 forbids no name in an object below them."""
    claims = parse("e30." + part_of(b'{"sub": "x", "act": {"sub": "y", "z": 1, "z": 2}}') + ".").claims
    assert claims == {"sub": "x", "act": {"sub": "y", "z": 2}}


@pytest.mark.parametrize("octets", ["{}".encode("utf-16"), "{}".encode("utf-8-sig"), b'{"exp": NaN}', b'{"a": 1, "a": 2}'])
def test_what_is_refused_can_be_shown_nevertheless(octets):
    assert set(parse(f"e30.{part_of(octets)}.", loosely=True).claims) <= {"exp", "a"}


@pytest.mark.parametrize("part", ["eyJhIjoiPz8_In0", "eyJhIjoifn5-In0"])
def test_only_the_base64url_alphabet_is_accepted(part):
    """RFC 7515 §2."""
    assert set(parse(f"e30.{part}.").claims.values()) <= {"???", "~~~"}
    with pytest.raises(AssertionRefused):
        parse(f"e30.{part.replace('_', '/').replace('-', '+')}.")


def compact(header, claims, signature=""):
    return ".".join([*(part_of(json.dumps(part).encode()) for part in (header, claims)), signature])


def verified(assertion, *keys):
    try:
        verify_signature(parse(assertion), keys)
    except AssertionRefused as refused:
        return str(refused)
    return "verified"


def test_a_signature_is_verified_with_each_key_that_fits(strict, signed):
    own, other = (public_key(source) for source in (strict.clients.get("signer").public_keys[0], public_pem("ec")))
    rsa, secret = public_key(public_pem("rsa")), secret_key("x" * 32)
    text = signed(strict)
    assert verified(text, own) == verified(text, rsa, secret, other, own) == "verified"
    assert verified(text, other) == "The assertion's signature does not verify"
    assert verified(text, rsa, secret) == verified(text) == "No registered key fits the assertion's alg"
    assert verified(text[:-4] + "????", own) == "The assertion's signature does not verify"
    assert verified(text + "\ud800", own) == "The assertion's signature does not verify"
    assert verified(compact({"alg": "ES256", "crit": 5}, {}, "AAAA"), own) == "The assertion's signature does not verify"
    assert verified(text + "A" * 200, own) == "The assertion's signature does not verify"


@pytest.mark.parametrize(("kind", "algorithm"), [("rsa", "RS512"), ("rsa", "PS256"), ("ed25519", "EdDSA")])
def test_every_algorithm_of_a_key_is_accepted(strict, signed, kind, algorithm):
    text = signed(strict, private_pem(kind), algorithm)
    assert verified(text, public_key(public_pem(kind))) == "verified"


@pytest.mark.parametrize("named", [[5, None], {"a": 1}, [["https://other.example"]]])
def test_an_audience_that_is_not_text_is_rejected(strict, named):
    with pytest.raises(AssertionRefused, match=r"^The claim aud does not name this server$"):
        verify_claims(claiming({"aud": named, "exp": 1}), strict, audiences=[strict.issuer], replay_scope="x")


def claiming(claims):
    return ParsedAssertion(text="", header={}, claims=claims)


def test_a_jti_is_text_and_is_accepted_once_per_scope(strict):
    claims = {"aud": strict.issuer, "exp": strict.clock.now() + 60}

    def refusal(scope, **more):
        try:
            verify_claims(claiming(claims | more), strict, audiences=[strict.issuer], replay_scope=scope)
        except AssertionRefused as refused:
            return str(refused)
        return None

    assert [refusal("x"), refusal("x"), refusal("x", jti="1"), refusal("y", jti="1"), refusal("x", jti="2")] == [None] * 5
    assert refusal("x", jti="1") == "The claim jti was used before"
    assert refusal("x", jti=1) == "The claim jti is not a string"


@pytest.mark.parametrize("value", ["123", True, [], None, float("nan")])
def test_an_exp_that_is_not_a_number_is_rejected(strict, value):
    with pytest.raises(AssertionRefused, match="The claim exp is "):
        verify_claims(claiming({"aud": strict.issuer, "exp": value}), strict, audiences=[strict.issuer], replay_scope="x")


def test_a_tenant_may_accept_an_assertion_again(strict, ask, signed):
    text = signed(strict, jti="1")
    strict.configure(assertions_once=False)
    for _ in range(2):
        assert "access_token" in ask(strict, grant_type=JWT_BEARER, assertion=text)
    strict.configure(assertions_once=True)
    assert "access_token" in ask(strict, grant_type=JWT_BEARER, assertion=text)
    assert ask(strict, grant_type=JWT_BEARER, assertion=text)["error_description"] == "The claim jti was used before"


# A lenient tenant checks what its settings ask for.

NOW = 1_000_000
WRONG = {
    "no exp": {"exp": None},
    "expired": {"exp": NOW - 3600},
    "long": {"exp": NOW + 12 * 3600},
    "old": {"iat": NOW - 12 * 3600},
    "early": {"nbf": NOW + 3600},
}


@pytest.mark.parametrize(
    ("settings", "refused"),
    [
        ({}, ()),
        ({"clock_skew_s": 0}, ("early", "expired", "no exp")),
        ({"clock_skew_s": 7200}, ("no exp",)),
        ({"most_assertion_lifetime_s": 3600}, ("early", "expired", "long", "no exp", "old")),
    ],
    ids=str,
)
@pytest.mark.parametrize("way", ["grant", "client"])
def test_a_lenient_tenant_checks_dates_where_a_setting_asks_for_it(server, ask, signed, way, settings, refused):
    tenant = server.tenant(strict=False, **settings)
    tenant.clock.set(NOW)
    tenant.clock.freeze()
    found = set()
    for name, changes in WRONG.items():
        text = signed(tenant, "k" * 32, "HS256", **changes)
        document = ask(tenant, **(as_grant(text) if way == "grant" else as_client(text)))
        found |= set() if "access_token" in document else {name}
        assert name not in refused or "The claim " in document["error_description"]
    assert found == set(refused)
    assert "access_token" in ask(tenant, **(as_grant if way == "grant" else as_client)(signed(tenant, "k" * 32, "HS256")))


@pytest.mark.parametrize("way", ["grant", "client"])
@pytest.mark.parametrize(("settings", "answers"), [({}, 2), ({"assertions_once": False}, 2), ({"assertions_once": True}, 1)])
def test_a_lenient_tenant_refuses_replays_where_a_setting_asks_for_it(server, ask, signed, way, settings, answers):
    tenant = server.tenant(strict=False, **settings)
    text = signed(tenant, "k" * 32, "HS256", jti="1")
    documents = [ask(tenant, **(as_grant(text) if way == "grant" else as_client(text))) for _ in range(2)]
    assert ["access_token" in document for document in documents] == [True, answers == 2]
    assert answers == 2 or documents[1]["error_description"] == "The claim jti was used before"


def as_grant(text):
    return {"grant_type": JWT_BEARER, "assertion": text}


def as_client(text):
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    return {"grant_type": "client_credentials", "client_assertion": text, "client_assertion_type": kind}
