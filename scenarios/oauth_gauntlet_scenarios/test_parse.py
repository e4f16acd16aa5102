"""Token parsing: what is a token is understood, what is none never becomes one, and nothing crashes."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient, described, documented, usable
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, Token
from oauth_gauntlet.requirement import INTEROP, MUST, PASSWORD, REFRESH_TOKEN, SHOULD, Variant, requirement
from oauth_gauntlet_scenarios.strategies import invalid_token_responses, valid_token_responses
from oauth_gauntlet_server import Tenant, faults

_MINIMAL = {"access_token": "gauntlet-token", "token_type": "Bearer"}


def _response_mark(text: str) -> Mark:
    return Mark(text=text, part="response")


def _no_crash(answer: Token | ErrorInfo) -> None:
    """Require an answer of the client's documented kind: an exception out of its depths helps nobody."""
    require(
        not isinstance(answer, ErrorInfo) or answer.kind is not ErrorKind.UNEXPECTED,
        expected="a token, or an error that the client documents",
        seen=described(answer),
    )


def _no_token(answer: Token | ErrorInfo, mark: Mark) -> None:
    require(
        isinstance(answer, ErrorInfo),
        expected="an error: the answer holds no access token",
        seen=described(answer),
        mark=mark,
    )


# RFC 6749 §5.1: access_token and token_type are REQUIRED, the rest is not.
@requirement(
    "parse.minimal",
    level=MUST,
    source="RFC 6749 5.1",
    statement="access_token and token_type alone make a token.",
)
def test_minimal(client: LabClient, tenant: Tenant) -> None:
    """Do: the answer holds the two required members only. Check: the token is handed out."""
    tenant.arm(faults.token_response(_MINIMAL))
    token = client.get_token()
    require(
        token.access_token == "gauntlet-token",
        expected="the access token gauntlet-token",
        seen=described(token),
        mark=_response_mark("gauntlet-token"),
    )


# RFC 6749 §5.1: "The client MUST ignore unrecognized value names in the response."
@requirement(
    "parse.unknown-members",
    level=MUST,
    source="RFC 6749 5.1",
    statement="Unrecognized members of the answer, of whatever JSON type, are ignored.",
)
def test_unknown_members(client: LabClient, tenant: Tenant) -> None:
    """Do: the answer holds unknown members of every JSON type. Check: the token is handed out."""
    unknown = {"x_text": "a", "x_number": 1.5, "x_null": None, "x_list": [1, {"a": []}], "x_object": {"b": {"c": 1}}}
    tenant.arm(faults.token_response({**unknown, **_MINIMAL, "expires_in": 3600}))
    require(
        client.get_token().access_token == "gauntlet-token",
        expected="the access token gauntlet-token",
        seen="another one",
        mark=_response_mark("x_text"),
    )


# RFC 6749 §5.1: token_type "Value is case insensitive."
@requirement(
    "parse.token-type-case",
    level=MUST,
    source="RFC 6749 5.1",
    statement="token_type is understood in any case.",
    variants={"lower": "bearer", "upper": "BEARER", "mixed": "bEaReR"},
)
def test_token_type_case(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: token_type in lower, upper and mixed case. Check: the token is handed out."""
    tenant.arm(faults.token_member("token_type", variant.value))
    client.get_token()


# RFC 6749 §5.1: token_type is REQUIRED; §7.1: a client must not use a token whose type it does not understand. Taking
# a missing one for Bearer is widespread.
@requirement(
    "parse.token-type-missing",
    level=INTEROP,
    source="RFC 6749 5.1, 7.1",
    statement="An answer without token_type is refused, or the missing type is not made up.",
)
def test_token_type_missing(client: LabClient, tenant: Tenant) -> None:
    """Do: the answer has no token_type. Check: an error, or a token whose type is not claimed to be known."""
    tenant.arm(faults.without_token_member("token_type"))
    answer = client.try_get_token()
    _no_crash(answer)
    require(
        isinstance(answer, ErrorInfo) or answer.token_type is None,
        expected="an error, or a token without a type",
        seen=f"a token of type {answer.token_type!r}" if isinstance(answer, Token) else "",
        mark=_response_mark("access_token"),
    )


# RFC 6749 §7.1: "The client MUST NOT use an access token if it does not understand the token type."
@requirement(
    "parse.token-type-unknown",
    level=MUST,
    source="RFC 6749 7.1",
    capabilities=["resource"],
    statement="A token of a type that the client does not understand is not used.",
)
def test_token_type_unknown(client: LabClient, tenant: Tenant) -> None:
    """Do: token_type is "mac"; have the client make a request.

    Check: the token is not sent as bearer tokens are, with the Bearer scheme or in the request target.
    """
    tenant.arm(faults.token_member("token_type", "mac"))
    client.try_request()
    for request in tenant.journal.requests("resource"):
        header = request.header("authorization") or ""
        require(
            not header.lower().startswith("bearer "),
            expected="no use of a token whose token_type is mac",
            seen=f"Authorization: {header[:60]}",
            mark=Mark(text=header),
        )
        require(
            not any(str(grant["access_token"]) in request.target for grant in client.grants()),
            expected="no use of a token whose token_type is mac",
            seen=f"the request target {request.target[:120]}",
            mark=Mark(text=request.target),
        )


# RFC 6749 §5.1: access_token REQUIRED. "Parameter names and string values are included as JSON strings."
@requirement(
    "parse.access-token-missing",
    level=MUST,
    source="RFC 6749 5.1",
    statement="An answer without an access token never gives one.",
    variants={
        "absent": {"token_type": "Bearer", "expires_in": 3600},
        "null": {"access_token": None, "token_type": "Bearer"},
        "empty": {"access_token": "", "token_type": "Bearer"},
        "object": {"access_token": {"value": "x"}, "token_type": "Bearer"},
        "array": {"access_token": ["x"], "token_type": "Bearer"},
    },
)
def test_access_token_missing(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: access_token is absent, null, empty, an object or an array. Check: the application gets an error."""
    tenant.arm(faults.token_response(variant.value))
    answer = client.try_get_token()
    _no_token(answer, _response_mark("access_token" if "access_token" in variant.value else "token_type"))


# RFC 6749 §1.4: "The string is usually opaque to the client." §A.12: access-token = 1*VSCHAR. §5.1: "The client should
# avoid making assumptions about value sizes."
@requirement(
    "parse.access-token-verbatim",
    level=MUST,
    source="RFC 6749 1.4, 5.1, A.12",
    statement="The access token is handed on unchanged, whatever its characters and its length.",
    variants={
        "vschar": "".join(chr(code) for code in range(0x21, 0x7F)),
        "8-kib": "gauntlet" * 1024,
        "64-kib": "gauntlet" * 8192,
        "jwt-like": "eyJhbGciOiJub25lIn0.e30.",
    },
)
def test_access_token_verbatim(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: an access token of every printable character, of 64 KiB, or that looks like a JWT. Check: it is unchanged."""
    tenant.arm(faults.token_response({**_MINIMAL, "access_token": variant.value}))
    token = client.get_token()
    require(
        token.access_token == variant.value,
        expected=f"the access token as sent, {len(variant.value)} characters",
        seen=f"{len(token.access_token)} characters: {token.access_token[:60]!r}",
        mark=_response_mark(variant.value[:40]),
    )


# RFC 8259 §7: escapes are part of the string's spelling, not of its value.
@requirement(
    "parse.unicode-escapes",
    level=MUST,
    source="RFC 8259 7",
    statement="JSON escapes in the answer are decoded.",
)
def test_unicode_escapes(client: LabClient, tenant: Tenant) -> None:
    r"""Do: the access token is spelled with \u0061 and \/. Check: the application gets it decoded."""
    tenant.arm(faults.token_response(r'{"access_token": "g\u0061untlet\/token", "token_type": "Bearer"}'))
    token = client.get_token()
    require(
        token.access_token == "gauntlet/token",
        expected="the access token gauntlet/token",
        seen=repr(token.access_token),
        mark=_response_mark("g\\u0061untlet"),
    )


# RFC 8259 §2: "Insignificant whitespace is allowed before or after any of the six structural characters."
@requirement(
    "parse.whitespace",
    level=MUST,
    source="RFC 8259 2",
    statement="Insignificant white space in the answer is ignored.",
)
def test_whitespace(client: LabClient, tenant: Tenant) -> None:
    """Do: the JSON text is spread over lines, with tabs and CRLF around it. Check: the token is handed out."""
    tenant.arm(faults.token_response('\r\n\t {\r\n "access_token"\t:\n "gauntlet-token" ,\n "token_type" : "Bearer" }\n\n '))
    client.get_token()


# RFC 6749 §5.1: expires_in RECOMMENDED.
@requirement(
    "parse.expires-in-absent",
    level=SHOULD,
    source="RFC 6749 5.1",
    statement="An answer without expires_in is no error.",
)
def test_expires_in_absent(client: LabClient, tenant: Tenant) -> None:
    """Do: the answer has no expires_in. Check: the token is handed out."""
    tenant.arm(faults.without_token_member("expires_in"))
    client.get_token()


@requirement(
    "parse.expires-in-number",
    level=MUST,
    source="RFC 6749 5.1",
    statement="expires_in is understood as a number of seconds.",
)
def test_expires_in_number(client: LabClient, tenant: Tenant) -> None:
    """Do: expires_in is 3600. Check: what the client exposes of the lifetime, if anything, says 3600 seconds."""
    tenant.arm(faults.token_member("expires_in", 3600))
    token = client.get_token()
    # A client may count down from receipt, or subtract a leeway of up to five minutes.
    require(
        token.expires_in is None or 3600 - 301 <= token.expires_in <= 3600,
        expected="a lifetime of 3600 s (less a leeway), or none exposed",
        seen=f"{token.expires_in}",
        mark=_response_mark("3600"),
    )
    if token.expires_at is not None:
        remaining = token.expires_at - tenant.clock.now()
        require(
            3600 - 330 <= remaining <= 3600 + 30,
            expected="expires_at 3600 s from now (less a leeway), in seconds since 1970",
            seen=f"{token.expires_at}, that is {remaining:.0f} s from now",
            mark=_response_mark("3600"),
        )


@requirement(
    "parse.expires-in-string",
    level=INTEROP,
    source="practice",
    statement="An expires_in that is a decimal string is understood, or treated as unknown.",
)
def test_expires_in_string(client: LabClient, tenant: Tenant) -> None:
    """Do: expires_in is the string "3600", as several servers send it.

    Check: a token with a lifetime of 3600 s or an unknown one, or a clear refusal; no crash.
    """
    tenant.arm(faults.token_member("expires_in", "3600"))
    answer = client.try_get_token()
    _no_crash(answer)
    if isinstance(answer, Token):
        require(
            answer.expires_in is None or 3600 - 301 <= answer.expires_in <= 3600,
            expected="a lifetime of 3600 s, or none",
            seen=f"{answer.expires_in}",
            mark=_response_mark('"3600"'),
        )


@requirement(
    "parse.expires-in-odd",
    level=INTEROP,
    source="practice",
    statement="An expires_in that is no sensible number gives an unknown lifetime or a clear error, never a crash.",
    variants={
        "float": 3599.5,
        "zero": 0,
        "negative": -3600,
        "null": None,
        "boolean": True,
        "word": "soon",
        "empty": "",
        "object": {"seconds": 3600},
        "huge": 10**20,
        "beyond-double": 10**400,
    },
)
def test_expires_in_odd(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: expires_in is a fraction, zero, negative, null, a boolean, a word, an object, or far too large.

    Check: a token or an error that the client documents; an exception from its depths is none.
    """
    tenant.arm(faults.token_member("expires_in", variant.value))
    answer = client.try_get_token()
    require(
        not isinstance(answer, ErrorInfo) or answer.kind is not ErrorKind.UNEXPECTED,
        expected="a token with an unknown lifetime, or an error that the client documents",
        seen=described(answer),
        mark=_response_mark("expires_in"),
    )


# RFC 6749 §5.1: refresh_token OPTIONAL, "can be used to obtain new access tokens".
@requirement(
    "parse.refresh-token-returned",
    level=MUST,
    source="RFC 6749 5.1",
    grants=[PASSWORD, REFRESH_TOKEN],
    capabilities=["refresh"],
    statement="A refresh token in the answer is exposed or kept.",
)
def test_refresh_token_returned(client: LabClient, tenant: Tenant) -> None:
    """Do: the answer holds a refresh token; then have the client refresh. Check: it is this one that is sent."""
    tenant.configure(strict=False)
    tenant.arm(faults.token_member("refresh_token", "refresh-token-of-the-answer"), times=1)
    token = client.get_token()
    client.try_refresh()
    sent = {value for request in client.token_requests() for name, value in request.form if name == "refresh_token"}
    require(
        token.refresh_token == "refresh-token-of-the-answer" or "refresh-token-of-the-answer" in sent,
        expected="the refresh token of the answer exposed, or sent with the next refresh",
        seen="neither",
        mark=Mark(text="refresh-token-of-the-answer", part="response", exchange=0),
    )


# RFC 6749 §5.1: parameters are "serialized into a JavaScript Object Notation (JSON) structure".
@requirement(
    "parse.not-json",
    level=MUST,
    source="RFC 6749 5.1",
    statement="A 200 answer that is no JSON object never gives a token.",
    variants={
        "html": ("<html><body>Please log in</body></html>", "text/html"),
        "html-as-json": ("<html><body>Please log in</body></html>", "application/json"),
        "text": ("OK", "text/plain"),
        "empty": ("", "application/json"),
        "array": ('[{"access_token": "x", "token_type": "Bearer"}]', "application/json"),
        "string": ('"access_token"', "application/json"),
        "number": ("42", "application/json"),
        "null": ("null", "application/json"),
        "truncated": ('{"access_token": "gauntlet-tok', "application/json"),
    },
)
def test_not_json(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: 200 with HTML, text, nothing, an array, a string, a number, null, or half a document.

    Check: an error for the application, and one that the client documents.
    """
    body, content_type = variant.value
    tenant.arm(faults.http_status(200, body, content_type=content_type))
    answer = client.try_get_token()
    _no_token(answer, _response_mark(body[:40] or "200"))
    assert isinstance(answer, ErrorInfo)
    advise(
        answer.kind is not ErrorKind.UNEXPECTED,
        expected="an error that the client documents",
        seen=described(answer),
        mark=_response_mark(body[:40] or "200"),
    )


# RFC 9110 §8.3.1: "The type and subtype tokens are case-insensitive."
@requirement(
    "parse.content-type-variants",
    level=INTEROP,
    source="RFC 9110 8.3.1, RFC 6749 5.1",
    statement="The media type is compared without regard to case or parameters.",
    variants={
        "charset": "application/json;charset=UTF-8",
        "case": "Application/JSON",
        "quoted": 'application/json; charset="utf-8"',
    },
)
def test_content_type_variants(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: application/json with a charset, in another case, with a quoted parameter. Check: the token is handed out."""
    tenant.arm(faults.content_type(variant.value))
    client.get_token()


@requirement(
    "parse.property-valid",
    level=MUST,
    source="RFC 6749 5.1",
    statement="Any valid success response gives its access token.",
)
@given(document=valid_token_responses())
def test_property_valid(client: LabClient, tenant: Tenant, document: dict[str, Any]) -> None:
    """Do: generated success documents, with unknown members of any JSON type. Check: the access token comes out."""
    client.fresh()
    tenant.arm(faults.token_response(document))
    token = client.get_token()
    require(
        token.access_token == document["access_token"],
        expected=f"the access token {document['access_token'][:60]!r}",
        seen=repr(token.access_token)[:80],
        mark=_response_mark(document["access_token"]),
    )


@requirement(
    "parse.property-invalid",
    level=MUST,
    source="RFC 6749 5.1",
    statement="No 200 answer without a usable access token gives one.",
)
@given(body=invalid_token_responses())
def test_property_invalid(client: LabClient, tenant: Tenant, body: bytes) -> None:
    """Do: generated 200 answers that hold no access token, or are no JSON at all. Check: the application gets an error."""
    client.fresh()
    tenant.arm(faults.token_response(body))
    _no_token(client.try_get_token(), _response_mark(body.decode("latin-1")[:40]))


# RFC 8259 §4: names within an object SHOULD be unique; what a recipient makes of others is unpredictable, so all is fine
# but a crash and a token that nobody sent.
@requirement(
    "parse.duplicate-members",
    level=INTEROP,
    source="RFC 8259 4",
    statement="An access_token that is there twice gives one of the two, or an error that the client documents.",
    variants=["first", "last"],
)
def test_duplicate_members(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: a second access_token stands before or behind the genuine one. Check: one of the two, or a documented error."""
    tenant.arm(faults.fault("raw_token_member", member="access_token", text='"a-second-token"', keep=variant.name))
    answer = client.try_get_token()
    documented(answer)
    if isinstance(answer, Token):
        token = str(answer.access_token)
        known = token == "a-second-token" or tenant.active(token) is not None
        require(known, expected="one of the two tokens, whole", seen=described(answer))


# RFC 8259 §8.1: UTF-8 without a byte order mark; "implementations that parse JSON texts MAY ignore the presence of a byte
# order mark rather than treating it as an error". §11: a charset parameter has no effect.
@requirement(
    "parse.charset",
    level=INTEROP,
    source="RFC 8259 8.1, 11",
    statement="A charset parameter changes nothing; a byte order mark is ignored or refused clearly.",
    variants={"utf-8": {"label": "utf-8"}, "upper": {"label": "UTF-8"}, "bom": {"bom": True}},
)
def test_charset(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the answer is labelled with a charset, or has a byte order mark. Check: a token; with the mark also an error."""
    tenant.arm(faults.fault("charset", **variant.value))
    answer = client.try_get_token()
    if variant.name != "bom":
        usable(answer)
    documented(answer)


@requirement(
    "parse.form-encoded",
    level=INTEROP,
    source="practice",
    statement="A form-encoded token answer, as some providers send it, is parsed right or refused clearly.",
    variants={"labelled": "application/x-www-form-urlencoded", "as-text": "text/plain"},
)
def test_form_encoded(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the token document is a form. Check: the genuine token or a documented error."""
    tenant.arm(faults.fault("form_encoded", content_type=variant.value))
    answer = client.try_get_token()
    if isinstance(answer, Token):
        known = isinstance(answer.access_token, str) and tenant.active(answer.access_token) is not None
        require(known, expected="the token that was issued, or an error", seen=described(answer))
    documented(answer)


# RFC 8259 §6: NaN is no number; §8.2: lone surrogates lead to "unpredictable" behaviour; §8.1: UTF-8 is required.
@requirement(
    "parse.not-quite-json",
    level=INTEROP,
    source="RFC 8259 6, 8",
    statement="A document that is not quite JSON gives a token or an error that the client documents, never a crash.",
    variants={
        "nan": "NaN",
        "infinity": "-Infinity",
        "lone-surrogate": '"\\ud800"',
        "invalid-utf-8": {"base64": "Iv/+Ig=="},
        "leading-zero": "036",
        "comment": "1 /* one */",
    },
)
def test_not_quite_json(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: a further member has a value that JSON does not have. Check: a token or a documented error."""
    tenant.arm(faults.fault("raw_token_member", member="gauntlet_note", text=variant.value))
    documented(client.try_get_token())
