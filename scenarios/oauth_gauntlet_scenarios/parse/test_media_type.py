"""The media type of a token response."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, documented, usable
from oauth_gauntlet.protocol import Token
from oauth_gauntlet.requirement import INTEROP, MUST, RECIPIENT, SERVER, Variant, practice, quote, requirement, rule
from oauth_gauntlet_server import Tenant, faults


@requirement(
    "parse.content-type-variants",
    level=MUST,
    basis=[
        rule("RFC 9110 8.3.1", "The type and subtype tokens are case-insensitive.", binds=RECIPIENT),
        rule(
            "RFC 9110 8.3.1",
            "The type/subtype MAY be followed by semicolon-delimited parameters (Section 5.6.6) in the form of name/value"
            " pairs.",
            binds=RECIPIENT,
        ),
    ],
    statement="The client compares the media type case-insensitively and ignores its parameters.",
    variants={
        "charset": "application/json;charset=UTF-8",
        "case": "Application/JSON",
        "quoted": 'application/json; charset="utf-8"',
    },
)
def test_content_type_variants(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the type is application/json in another case, or with a parameter.

    Check: the application gets the token.
    """
    client.control()
    tenant.arm(faults.content_type(variant.value))
    client.get_token()


@requirement(
    "parse.charset",
    level=INTEROP,
    basis=[
        practice("Servers add a charset parameter, and some a byte order mark."),
        quote("RFC 8259 11", "Adding one really has no effect on compliant recipients.", binds=RECIPIENT),
        quote(
            "RFC 8259 8.1",
            "implementations that parse JSON texts MAY ignore the presence of a byte order mark rather than treating it as an"
            " error",
            binds=RECIPIENT,
        ),
    ],
    covered_by=["parse.content-type-variants"],
    statement="A charset parameter changes nothing; a byte order mark is ignored or refused clearly.",
    variants={"utf-8": {"label": "utf-8"}, "upper": {"label": "UTF-8"}, "bom": {"bom": True}},
)
def test_charset(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the response has a charset parameter, or a byte order mark.

    Check: a token; with the mark, or a documented error.
    """
    client.control()
    tenant.arm(faults.fault("charset", **variant.value))
    answer = client.try_get_token()
    if variant.name != "bom":
        usable(answer)
    documented(answer)


@requirement(
    "parse.form-encoded",
    level=INTEROP,
    basis=[
        practice("GitHub and other providers sent, or still send, the token response form-encoded."),
        quote(
            "RFC 6749 5.1",
            'The parameters are included in the entity-body of the HTTP response using the "application/json" media type',
            binds=SERVER,
        ),
    ],
    statement="A form-encoded token response, as some providers send it, is read correctly or refused clearly.",
    variants={"labelled": "application/x-www-form-urlencoded", "as-text": "text/plain"},
)
def test_form_encoded(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the token response is form-encoded. Check: the genuine token or a documented error."""
    client.control()
    tenant.arm(faults.fault("form_encoded", content_type=variant.value))
    answer = client.try_get_token()
    if isinstance(answer, Token):
        known = isinstance(answer.access_token, str) and tenant.active(answer.access_token) is not None
        require(known, expected="the token that was issued, or an error", seen=described(answer))
    documented(answer)
