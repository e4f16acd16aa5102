"""Texts with reserved and non-ASCII characters arrive as configured."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType
from oauth_gauntlet.requirement import INTEROP, MUST, PASSWORD, REFRESH_TOKEN, Variant, requirement
from oauth_gauntlet_scenarios.encoding.values import require_same
from oauth_gauntlet_server import Tenant

# RFC 6749 Appendix B's own example: space, percent, ampersand, plus, pound, euro.
_APPENDIX_B = " %&+£€"


_RESERVED = "a&b=c+d%e;f/g?h#i j%20k"


_NON_ASCII = "jürgen@例え.jp pässwörd€😀"


# A decomposed e-acute, a ligature, a capital sharp s, and blanks at both ends: all of this is part of the
# value.
_NOT_NORMALISED = " e\u0301 \ufb01 \u1e9e Straße "


def _send(client: LabClient, tenant: Tenant, text: str) -> tuple[str, str | None]:
    """Configure the grant's free-text parameter, get a token, and return the parameter's name and sent value."""
    if client.grant is GrantType.REFRESH_TOKEN:
        tenant.configure(strict=False)  # the server accepts any refresh token: only its encoding matters
        client.configure(refresh_token=text)
        name = "refresh_token"
    else:
        client.configure(password=text)
        name = "password"
    client.try_get_token()
    return name, witness.value(client.token_request(), name)


# RFC 6749 Appendix B: "names and values MUST be encoded using the UTF-8 character encoding scheme first" and
# then by the rules of application/x-www-form-urlencoded. A space is + or %20; both decode to the same.
@requirement(
    "encoding.reserved",
    level=MUST,
    source="RFC 6749 Appendix B",
    grants=[REFRESH_TOKEN, PASSWORD],
    statement="Characters with a special meaning in form data arrive unchanged.",
    variants={"separators": _RESERVED, "plus": "a+b", "percent": "100%25"},
)
def test_reserved(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure a refresh token or password with & = % + # and space.

    Check: it decodes to the configured value.
    """
    require_same(*_send(client, tenant, variant.value), variant.value)


# RFC 6749 Appendix A.17: a refresh token is VSCHAR only, so this scenario uses the password grant.
@requirement(
    "encoding.non-ascii",
    level=MUST,
    source="RFC 6749 Appendix B",
    grants=[PASSWORD],
    statement="Non-ASCII text is encoded in UTF-8 before it is percent-encoded.",
    variants={"appendix-b": _APPENDIX_B, "beyond-bmp": _NON_ASCII},
)
def test_non_ascii(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure the example of RFC 6749 Appendix B, or a text with characters above U+FFFF, as password.

    Check: the parameter decodes, as UTF-8, to the configured value.
    """
    require_same(*_send(client, tenant, variant.value), variant.value)


@requirement(
    "encoding.no-normalisation",
    level=INTEROP,
    source="practice; RFC 6749 Appendix A.15, A.16",
    grants=[PASSWORD],
    statement="The client does not normalise, trim or change the case of a value.",
)
def test_no_normalisation(client: LabClient, tenant: Tenant) -> None:
    """Do: configure a password with decomposed characters and blanks at both ends.

    Check: the same code points arrive.
    """
    require_same(*_send(client, tenant, _NOT_NORMALISED), _NOT_NORMALISED)


# RFC 6749 Appendix B applies to names as well as values. §8.2: "Parameter names MUST conform to the
# param-name ABNF", which has neither & nor =, so a client may refuse such names.
@requirement(
    "encoding.names",
    level=MUST,
    source="RFC 6749 Appendix B",
    parameters=["additional_payload"],
    statement="Names of additional parameters are encoded too.",
)
def test_names(client: LabClient) -> None:
    """Do: configure an additional payload with names that contain &, = and Cyrillic letters.

    Check: the body decodes to these names, or the client refuses the configuration and sends nothing.
    """
    payload = {"a&b=c": "1", "ключ": "2"}
    answer = client.obtain(additional_payload=payload)
    if isinstance(answer, ErrorInfo) and answer.kind is ErrorKind.CONFIG and not client.token_requests():
        return
    request = client.token_request()
    for name, value in payload.items():
        require(
            witness.value(request, name) == value,
            expected=f"a parameter with a name that decodes to {name!r}",
            seen=f"names: {', '.join(repr(key) for key, _ in witness.form(request))}",
        )
