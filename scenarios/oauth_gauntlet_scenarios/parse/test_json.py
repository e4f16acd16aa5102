"""JSON syntax of a token response: the client reads JSON, and takes no token from anything else."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import (
    INTEROP,
    MUST,
    RECIPIENT,
    SERVER,
    UNSAFE,
    Variant,
    damage,
    practice,
    quote,
    requirement,
    rule,
)
from oauth_gauntlet_scenarios.parse.answers import ACCESS_TOKEN, control, require_no_token, response_mark
from oauth_gauntlet_server import Tenant, faults

_PARSER = quote("RFC 8259 9", "A JSON parser MUST accept all texts that conform to the JSON grammar.", binds=RECIPIENT)


@requirement(
    "parse.unicode-escapes",
    level=MUST,
    basis=[_PARSER, rule("RFC 8259 7", "Any character may be escaped.", binds=RECIPIENT)],
    statement="The client decodes JSON escapes in the response.",
    variants={
        "value": r'{"access_token": "g\u0061untlet\/token", "token_type": "Bearer", "expires_in": 3600}',
        "name": r'{"acc\u0065ss_token": "gauntlet/token", "token_type": "Bearer", "expires_in": 3600}',
    },
)
def test_unicode_escapes(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    r"""Do: the access token, or the name of its member, contains escapes such as \u0061 and \/.

    Check: the application gets the token decoded.
    """
    control(client)
    tenant.arm(faults.token_response(variant.value))
    token = client.get_token()
    require(
        token.access_token == "gauntlet/token",
        expected="the access token gauntlet/token",
        seen=repr(token.access_token),
        mark=response_mark("\\u00"),
    )


@requirement(
    "parse.whitespace",
    level=MUST,
    basis=[
        _PARSER,
        rule(
            "RFC 8259 2",
            "Insignificant whitespace is allowed before or after any of the six structural characters.",
            binds=RECIPIENT,
        ),
    ],
    statement="The client ignores insignificant white space in the response.",
)
def test_whitespace(client: LabClient, tenant: Tenant) -> None:
    """Do: the JSON text has line breaks, tabs and CRLF between its tokens.

    Check: the application gets the token.
    """
    control(client)
    tenant.arm(
        faults.token_response(
            f'\r\n\t {{\r\n "access_token"\t:\n "{ACCESS_TOKEN}" ,\n "token_type" : "Bearer" ,\t"expires_in"\n: 3600 }}\n\n '
        )
    )
    token = client.get_token()
    require(token.access_token == ACCESS_TOKEN, expected=f"the access token {ACCESS_TOKEN}", seen=described(token))


_NOT_JSON = {
    "html": ("<html><body>Please log in</body></html>", "text/html"),
    "html-as-json": ("<html><body>Please log in</body></html>", "application/json"),
    "text": ("OK", "text/plain"),
    "empty": ("", "application/json"),
    "array": ('[{"access_token": "x", "token_type": "Bearer", "expires_in": 3600}]', "application/json"),
    # dict() in Python and new Map() in JavaScript make a dictionary of it.
    "pairs": ('[["access_token", "x"], ["token_type", "Bearer"], ["expires_in", 3600]]', "application/json"),
    "string": ('"access_token"', "application/json"),
    "number": ("42", "application/json"),
    "null": ("null", "application/json"),
    "truncated": ('{"access_token": "gauntlet-tok', "application/json"),
}
_SERIALIZED = quote(
    "RFC 6749 5.1",
    "The parameters are serialized into a JavaScript Object Notation (JSON) structure by adding each parameter at the highest"
    " structure level.",
    binds=SERVER,
)


@requirement(
    "parse.not-json",
    level=UNSAFE,
    basis=[
        damage("The application takes a login page or a part of a document for an access token, and sends it."),
        _SERIALIZED,
    ],
    statement="A 200 response that is not a JSON object never gives a token.",
    variants=_NOT_JSON,
)
def test_not_json(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers 200 with HTML, text, nothing, arrays, a string, a number, null, or half a document.

    Check: the application gets an error.
    """
    control(client)
    body, content_type = variant.value
    tenant.arm(faults.http_status(200, body, content_type=content_type))
    require_no_token(client.try_get_token(), response_mark(body[:40] or "200"))


@requirement(
    "parse.not-json-error",
    level=INTEROP,
    basis=[
        practice("Login pages and proxies answer 200 with HTML; an application can only handle an error that it knows."),
        _SERIALIZED,
    ],
    covered_by=["parse.not-json"],
    statement="A 200 response that is not a JSON object gives an error that the client documents.",
    variants=_NOT_JSON,
)
def test_not_json_error(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: as in parse.not-json. Check: the error is one that the client documents."""
    control(client)
    body, content_type = variant.value
    tenant.arm(faults.http_status(200, body, content_type=content_type))
    answer = client.try_get_token()
    documented(answer)
    require(isinstance(answer, ErrorInfo), expected="an error that the client documents", seen=described(answer))


@requirement(
    "parse.not-quite-json",
    level=INTEROP,
    basis=[
        practice("Servers that build JSON from strings send NaN, unpaired surrogates or octets that are not UTF-8."),
        quote(
            "RFC 8259 6",
            "Numeric values that cannot be represented in the grammar below (such as Infinity and NaN) are not permitted.",
            binds=SERVER,
        ),
        quote(
            "RFC 8259 8.2",
            "The behavior of software that receives JSON texts containing such values is unpredictable",
            binds=SERVER,
        ),
    ],
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
    """Do: one more member has a value that is not valid JSON. Check: a token or a documented error."""
    client.control()
    tenant.arm(faults.fault("raw_token_member", member="gauntlet_note", text=variant.value))
    documented(client.try_get_token())
