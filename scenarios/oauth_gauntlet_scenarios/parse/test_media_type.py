"""The media type of a token response."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, documented, usable
from oauth_gauntlet.protocol import Token
from oauth_gauntlet.requirement import INTEROP, Variant, requirement
from oauth_gauntlet_server import Tenant, faults


# RFC 9110 §8.3.1: "The type and subtype tokens are case-insensitive."
@requirement(
    "parse.content-type-variants",
    level=INTEROP,
    source="RFC 9110 8.3.1, RFC 6749 5.1",
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
    tenant.arm(faults.content_type(variant.value))
    client.get_token()


# RFC 8259 §8.1: UTF-8 without a byte order mark; "implementations that parse JSON texts MAY ignore the
# presence of a byte order mark rather than treating it as an error". §11: a charset parameter has no effect.
@requirement(
    "parse.charset",
    level=INTEROP,
    source="RFC 8259 8.1, 11",
    statement="A charset parameter changes nothing; a byte order mark is ignored or refused clearly.",
    variants={"utf-8": {"label": "utf-8"}, "upper": {"label": "UTF-8"}, "bom": {"bom": True}},
)
def test_charset(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the response has a charset parameter, or a byte order mark.

    Check: a token; with the mark, or a documented error.
    """
    tenant.arm(faults.fault("charset", **variant.value))
    answer = client.try_get_token()
    if variant.name != "bom":
        usable(answer)
    documented(answer)


@requirement(
    "parse.form-encoded",
    level=INTEROP,
    source="practice",
    statement="A form-encoded token response, as some providers send it, is read correctly or refused clearly.",
    variants={"labelled": "application/x-www-form-urlencoded", "as-text": "text/plain"},
)
def test_form_encoded(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the token response is form-encoded. Check: the genuine token or a documented error."""
    tenant.arm(faults.fault("form_encoded", content_type=variant.value))
    answer = client.try_get_token()
    if isinstance(answer, Token):
        known = isinstance(answer.access_token, str) and tenant.active(answer.access_token) is not None
        require(known, expected="the token that was issued, or an error", seen=described(answer))
    documented(answer)
