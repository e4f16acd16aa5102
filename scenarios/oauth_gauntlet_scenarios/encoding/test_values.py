"""Texts with reserved and non-ASCII characters arrive as configured."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import JSON, GrantType
from oauth_gauntlet.requirement import (
    EXPIRY,
    INTEROP,
    MUST,
    PASSWORD,
    REFRESH_TOKEN,
    Variant,
    practice,
    requirement,
    rule,
)
from oauth_gauntlet_scenarios.encoding.values import NAMES_AND_VALUES, require_same
from oauth_gauntlet_scenarios.refusal import DOCUMENTED, is_refused, request_with
from oauth_gauntlet_server import Tenant

# The characters of the example in RFC 6749 Appendix B; the space is not at an end, where a client may trim it.
_APPENDIX_B = "£ %&+€"


_RESERVED = "a&b=c+d%e;f/g?h#i j%20k"


_NON_ASCII = "jürgen@例え.jp pässwörd€😀"


# A decomposed e-acute, a ligature, a capital sharp s, and blanks at both ends: all of this is part of the
# value.
_NOT_NORMALISED = " e\u0301 \ufb01 \u1e9e Straße "


def _send(client: LabClient, tenant: Tenant, text: str, **changes: JSON) -> tuple[str, str | None]:
    """Configure the grant's free-text parameter, get a token, and return the parameter's name and sent value."""
    tenant.configure(strict=False)  # the server accepts any refresh token: only its encoding matters
    name = "refresh_token" if client.grant is GrantType.REFRESH_TOKEN else "password"
    return name, witness.value(request_with(client, **{name: text}, **changes), name)


# A space is + or %20; both decode to the same.
@requirement(
    "encoding.reserved",
    level=MUST,
    basis=NAMES_AND_VALUES,
    grants=[REFRESH_TOKEN, PASSWORD],
    renewals={EXPIRY: [REFRESH_TOKEN]},
    renewal_variants=["separators"],
    statement="Characters with a special meaning in form data arrive unchanged.",
    variants={"separators": _RESERVED, "plus": "a+b", "percent": "100%25"},
)
def test_reserved(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure a refresh token or password with & = % + # and space.

    Check: it decodes to the configured value.
    """
    require_same(*_send(client, tenant, variant.value), variant.value)


# RFC 6749 A.2, A.17: client secrets and refresh tokens are VSCHAR only, so this scenario uses the password grant. Clients
# add credentials to a body that is encoded already, so the methods with the client in the body are variants.
@requirement(
    "encoding.non-ascii",
    level=MUST,
    basis=[NAMES_AND_VALUES, rule("RFC 6749 A.16", "password = *UNICODECHARNOCRLF")],
    grants=[PASSWORD],
    statement="Non-ASCII text is encoded in UTF-8 before it is percent-encoded.",
    variants={"appendix-b": _APPENDIX_B, "beyond-bmp": _NON_ASCII},
    auth_method_variants=["client_secret_post", "none"],
)
def test_non_ascii(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure the characters of the example in RFC 6749 Appendix B, or a text with characters above U+FFFF, as password.

    The default authentication method is used, or the one that the variant names.

    Check: the parameter decodes, as UTF-8, to the configured value.
    """
    method = variant.auth_method
    text = _NON_ASCII if method else variant.value
    changes: dict[str, JSON] = {"token_endpoint_auth_method": method} if method else {}
    if method == "none":
        changes["client_secret"] = None
    require_same(*_send(client, tenant, text, **changes), text)


# Not a must: Appendix B says how a value is encoded, not that the client takes it as it is configured. The profiles of
# passwords for other protocols (RFC 8265) normalise them.
@requirement(
    "encoding.no-normalisation",
    level=INTEROP,
    basis=[
        practice("A server compares passwords by their octets: a password that is trimmed or normalised is another password."),
        rule("RFC 6749 A.16", "password = *UNICODECHARNOCRLF"),
    ],
    grants=[PASSWORD],
    statement="The client does not normalise, trim or change the case of a value.",
)
def test_no_normalisation(client: LabClient, tenant: Tenant) -> None:
    """Do: configure a password with decomposed characters and blanks at both ends.

    Check: the same code points arrive.
    """
    require_same(*_send(client, tenant, _NOT_NORMALISED), _NOT_NORMALISED)


# Not a must: "Parameter names MUST conform to the param-name ABNF" (RFC 6749 8.2), which has none of these characters. So a
# client may reject such names, when it is configured or later.
@requirement(
    "encoding.names",
    level=INTEROP,
    basis=[
        practice("Servers have parameters with names outside the grammar; a name that is sent unencoded becomes another one."),
        NAMES_AND_VALUES,
    ],
    parameters=["additional_payload"],
    statement="Names of additional parameters are encoded too.",
)
def test_names(client: LabClient) -> None:
    """Do: configure an additional payload with names that contain &, = and Cyrillic letters.

    Check: the body decodes to these names, or the client reports a documented error and sends nothing.
    """
    payload = {"a&b=c": "1", "ключ": "2"}
    answer = client.obtain(additional_payload=payload)
    if is_refused(client, answer, kinds=DOCUMENTED, control={"additional_payload": {"a": "1"}}):
        return
    request = client.token_request()
    for name, value in payload.items():
        require(
            witness.value(request, name) == value,
            expected=f"a parameter with a name that decodes to {name!r}",
            seen=f"names: {', '.join(repr(key) for key, _ in witness.form(request))}",
        )
