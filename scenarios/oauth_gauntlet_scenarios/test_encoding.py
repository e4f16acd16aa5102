"""Encoding: what is configured arrives, octet for octet, whatever characters it holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSON, ErrorInfo, ErrorKind, GrantType
from oauth_gauntlet.requirement import INTEROP, MUST, PASSWORD, REFRESH_TOKEN, Variant, requirement
from oauth_gauntlet_scenarios.strategies import payload_members, scope_tokens, unicode_text, vschar_text
from oauth_gauntlet_server import Tenant

# RFC 6749 Appendix B's own example: space, percent, ampersand, plus, pound, euro.
_APPENDIX_B = " %&+£€"
_RESERVED = "a&b=c+d%e;f/g?h#i j%20k"
_NON_ASCII = "jürgen@例え.jp pässwörd€😀"
# A decomposed e-acute, a ligature, capital sharp s, and blanks at both ends: all of it belongs to the value.
_NOT_NORMALISED = " e\u0301 \ufb01 \u1e9e Straße "


def _send(client: LabClient, tenant: Tenant, text: str) -> tuple[str, str | None]:
    """Configure the grant's free-text parameter with `text`, get a token; return the parameter's name and value sent."""
    if client.grant is GrantType.REFRESH_TOKEN:
        tenant.configure(strict=False)  # any refresh token will do: the question is how it arrives
        client.configure(refresh_token=text)
        name = "refresh_token"
    else:
        client.configure(password=text)
        name = "password"
    client.try_get_token()
    return name, witness.value(client.token_request(), name)


def _require_same(name: str, sent: str | None, configured: str) -> None:
    require(
        sent == configured,
        expected=f"{name} to decode to {configured!r}",
        seen=f"it decodes to {sent!r}",
        mark=Mark(text=f"{name}="),
    )


# RFC 6749 Appendix B: "names and values MUST be encoded using the UTF-8 character encoding scheme first" and then by
# the rules of application/x-www-form-urlencoded. A space is + or %20; both decode alike.
@requirement(
    "encoding.reserved",
    level=MUST,
    source="RFC 6749 Appendix B",
    grants=[REFRESH_TOKEN, PASSWORD],
    statement="Characters with a meaning in form data arrive as what they are.",
    variants={"separators": _RESERVED, "plus": "a+b", "percent": "100%25"},
)
def test_reserved(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: a refresh token or password with & = % + # and space. Check: it decodes to what was configured."""
    _require_same(*_send(client, tenant, variant.value), variant.value)


# RFC 6749 Appendix A.17: a refresh token is VSCHAR only, so non-ASCII is asked of the password grant.
@requirement(
    "encoding.non-ascii",
    level=MUST,
    source="RFC 6749 Appendix B",
    grants=[PASSWORD],
    statement="Non-ASCII text is encoded in UTF-8 before it is percent-encoded.",
    variants={"appendix-b": _APPENDIX_B, "beyond-bmp": _NON_ASCII},
)
def test_non_ascii(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the example of RFC 6749 Appendix B, and text beyond the basic plane, as password.

    Check: the body is ASCII, and decodes as UTF-8 to what was configured.
    """
    _require_same(*_send(client, tenant, variant.value), variant.value)


@requirement(
    "encoding.no-normalisation",
    level=INTEROP,
    source="practice; RFC 6749 Appendix A.15, A.16",
    grants=[PASSWORD],
    statement="No Unicode normalisation, trimming or change of case is done to a value.",
)
def test_no_normalisation(client: LabClient, tenant: Tenant) -> None:
    """Do: a password with decomposed characters and blanks at both ends. Check: the very code points arrive."""
    _require_same(*_send(client, tenant, _NOT_NORMALISED), _NOT_NORMALISED)


# RFC 6749 Appendix B speaks of names as well as values; §8.2: "Parameter names MUST conform to the param-name ABNF", which
# has neither & nor =, so that a client may refuse such names altogether.
@requirement(
    "encoding.names",
    level=MUST,
    source="RFC 6749 Appendix B",
    parameters=["additional_payload"],
    statement="Names of additional parameters are encoded too.",
)
def test_names(client: LabClient) -> None:
    """Do: an additional payload whose names hold &, = and Cyrillic.

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
            expected=f"a parameter whose name decodes to {name!r}",
            seen=f"names: {', '.join(repr(key) for key, _ in witness.form(request))}",
        )


@st.composite
def _configurations(draw: st.DrawFn, grant: GrantType, parameters: frozenset[str]) -> dict[str, JSON]:
    """Draw changes to a default configuration, over every text parameter of the grant that the client understands."""
    changes: dict[str, JSON] = {}
    if grant is GrantType.REFRESH_TOKEN:
        changes["refresh_token"] = draw(vschar_text())
    elif grant is GrantType.PASSWORD:
        changes |= {"username": draw(unicode_text()), "password": draw(unicode_text())}
    elif grant is GrantType.JWT_BEARER:
        changes |= {"jwt_issuer": draw(unicode_text()), "jwt_subject": draw(unicode_text())}
    if "scope" in parameters and draw(st.booleans()):
        changes["scope"] = " ".join(draw(scope_tokens()))
    if "additional_payload" in parameters and draw(st.booleans()):
        changes["additional_payload"] = draw(payload_members())
    return changes


# The property of the whole room: whatever may be configured decodes, at the server, to exactly what was configured.
@requirement(
    "encoding.roundtrip",
    level=MUST,
    source="RFC 6749 Appendix B",
    statement="Any configuration that the grammar allows decodes, at the server, to exactly what was configured.",
)
@given(data=st.data())
def test_roundtrip(client: LabClient, tenant: Tenant, data: st.DataObject) -> None:
    """Do: generated texts in every parameter of the grant, with and without scope and additional payload.

    Check: every configured parameter is on the wire once and decodes to itself; JWT claims likewise. A client may refuse
    a configuration with an error of configuration, as long as it then sends nothing.
    """
    tenant.configure(strict=False)
    tenant.journal.clear()
    changes = data.draw(_configurations(client.grant, client.hello.parameters), label="configuration")
    answer = client.obtain(**changes)
    if not tenant.journal.requests():
        require(
            isinstance(answer, ErrorInfo) and answer.kind is ErrorKind.CONFIG,
            expected="a token request, or an error of configuration",
            seen=f"no request, and {answer}",
        )
        return
    request = client.token_request()
    expected = {name: value for name, value in changes.items() if name in {"refresh_token", "username", "password"}}
    expected |= changes.get("additional_payload", {})
    for name, value in expected.items():
        _require_same(name, witness.value(request, name), value)
    if "scope" in changes and not witness.leaves_scope_out(request):
        asked = witness.scope_tokens(request)
        require(
            asked == set(changes["scope"].split(" ")),
            expected=f"the scope tokens {changes['scope']!r}, in any order",
            seen=f"{' '.join(sorted(asked))!r}",
            mark=Mark(text="scope="),
        )
    if client.grant is GrantType.JWT_BEARER:
        claims = witness.assertion(request).claims
        for claim, key in (("iss", "jwt_issuer"), ("sub", "jwt_subject")):
            require(
                claims.get(claim) == changes[key],
                expected=f"the claim {claim} to be {changes[key]!r}",
                seen=f"it is {claims.get(claim)!r}",
                mark=Mark(text="assertion="),
            )


@requirement(
    "encoding.client-roundtrip",
    level=MUST,
    source="RFC 6749 2.3.1, Appendix B",
    grants=[GrantType.CLIENT_CREDENTIALS],
    statement="Any client id and secret of VSCHAR reach the server as they are, whichever way they are sent.",
)
@given(client_id=vschar_text(), client_secret=vschar_text())
def test_client_roundtrip(client: LabClient, tenant: Tenant, client_id: str, client_secret: str) -> None:
    """Do: generated client ids and secrets of printable ASCII, with the client's own default way of authentication.

    Check: read as RFC 6749 §2.3.1 says, header or body give both back unchanged. A refusal before any request is fine.
    """
    tenant.configure(strict=False)
    tenant.journal.clear()
    client.obtain(client_id=client_id, client_secret=client_secret)
    for request in tenant.journal.requests("token"):
        sent = witness.presented_client(request)
        require(
            sent == (client_id, client_secret),
            expected=f"client id {client_id!r} and secret {client_secret!r}",
            seen=f"decoded at the server: {sent[0]!r} and {sent[1]!r}",
            mark=Mark(text=request.header("authorization") or "client_secret="),
        )
