"""JSON syntax of a token response: the client reads JSON, and takes no token from anything else."""

from __future__ import annotations

from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind
from oauth_gauntlet.requirement import INTEROP, MUST, Variant, requirement
from oauth_gauntlet_scenarios.parse.answers import require_no_token, response_mark
from oauth_gauntlet_server import Tenant, faults


# RFC 8259 §7: an escape represents a character of the string.
@requirement(
    "parse.unicode-escapes",
    level=MUST,
    source="RFC 8259 7",
    statement="The client decodes JSON escapes in the response.",
)
def test_unicode_escapes(client: LabClient, tenant: Tenant) -> None:
    r"""Do: the access token contains the escapes \u0061 and \/. Check: the application gets it decoded."""
    tenant.arm(faults.token_response(r'{"access_token": "g\u0061untlet\/token", "token_type": "Bearer"}'))
    token = client.get_token()
    require(
        token.access_token == "gauntlet/token",
        expected="the access token gauntlet/token",
        seen=repr(token.access_token),
        mark=response_mark("g\\u0061untlet"),
    )


# RFC 8259 §2: "Insignificant whitespace is allowed before or after any of the six structural characters."
@requirement(
    "parse.whitespace",
    level=MUST,
    source="RFC 8259 2",
    statement="The client ignores insignificant white space in the response.",
)
def test_whitespace(client: LabClient, tenant: Tenant) -> None:
    """Do: the JSON text has line breaks, tabs and CRLF between its tokens.

    Check: the application gets the token.
    """
    tenant.arm(faults.token_response('\r\n\t {\r\n "access_token"\t:\n "gauntlet-token" ,\n "token_type" : "Bearer" }\n\n '))
    client.get_token()


# RFC 6749 §5.1: parameters are "serialized into a JavaScript Object Notation (JSON) structure".
@requirement(
    "parse.not-json",
    level=MUST,
    source="RFC 6749 5.1",
    statement="A 200 response that is not a JSON object never gives a token.",
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
    """Do: the server answers 200 with HTML, text, nothing, an array, a string, a number, null, half a document.

    Check: the application gets an error (one that the client does not document is a warning).
    """
    body, content_type = variant.value
    tenant.arm(faults.http_status(200, body, content_type=content_type))
    answer = client.try_get_token()
    require_no_token(answer, response_mark(body[:40] or "200"))
    assert isinstance(answer, ErrorInfo)
    advise(
        answer.kind is not ErrorKind.UNEXPECTED,
        expected="an error that the client documents",
        seen=described(answer),
        mark=response_mark(body[:40] or "200"),
    )


# RFC 8259 §6: NaN is not a number; §8.2: lone surrogates lead to "unpredictable" behaviour; §8.1: UTF-8 is
# required.
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
    """Do: one more member has a value that is not valid JSON. Check: a token or a documented error."""
    tenant.arm(faults.fault("raw_token_member", member="gauntlet_note", text=variant.value))
    documented(client.try_get_token())
