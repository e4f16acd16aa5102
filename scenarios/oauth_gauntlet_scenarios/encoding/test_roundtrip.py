"""Generated values decode at the server to exactly what was configured."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSON, GrantType
from oauth_gauntlet.requirement import MUST, requirement, rule
from oauth_gauntlet_scenarios.encoding.values import NAMES_AND_VALUES, require_same
from oauth_gauntlet_scenarios.refusal import is_refused
from oauth_gauntlet_scenarios.strategies import payload_members, scope_tokens, unicode_text, vschar_text
from oauth_gauntlet_server import Tenant


@st.composite
def _configurations(draw: st.DrawFn, grant: GrantType, parameters: frozenset[str]) -> dict[str, JSON]:
    """Draw changes to the default configuration, for every text parameter that the client declares."""
    changes: dict[str, JSON] = {}
    if grant is GrantType.REFRESH_TOKEN:
        changes["refresh_token"] = draw(vschar_text())
    elif grant is GrantType.PASSWORD:
        changes |= {"username": draw(unicode_text()), "password": draw(unicode_text())}
    if "scope" in parameters and draw(st.booleans()):
        changes["scope"] = " ".join(draw(scope_tokens()))
    if "additional_payload" in parameters and draw(st.booleans()):
        changes["additional_payload"] = draw(payload_members())
    return changes


# The property of the whole folder. The generated values conform to the grammar, names of parameters too (RFC 6749 8.2), and
# trimming or normalising changes none of them (encoding.no-normalisation): so only the encoding decides. Claims are JSON, which
# Appendix B says nothing about: jwt.claims-roundtrip.
@requirement(
    "encoding.roundtrip",
    level=MUST,
    basis=NAMES_AND_VALUES,
    covered_by=[
        "encoding.reserved",
        "encoding.non-ascii",
        "encoding.appendix-b",
        "encoding.ascii-body",
        "scope.parameter-name",
        "scope.space-delimited",
        "scope.case-and-characters",
        "config.reconfigure-drops-token",
        "config.reconfigure-drops-scope",
        "config.reconfigure-drops-audience",
    ],
    statement="Every value that the grammar allows decodes at the server to exactly the configured value.",
)
@given(data=st.data())
def test_roundtrip(client: LabClient, tenant: Tenant, data: st.DataObject) -> None:
    """Do: configure generated texts for every text parameter of the request, with or without scope and payload.

    Check: every configured parameter is sent once and decodes to the configured value. A client may refuse the
    configuration with a configuration error, if it then sends nothing.
    """
    tenant.configure(strict=False)
    tenant.journal.clear()
    changes = data.draw(_configurations(client.grant, client.hello.parameters), label="configuration")
    answer = client.obtain(**changes)
    if is_refused(client, answer):
        return
    request = client.token_request()
    expected = {name: value for name, value in changes.items() if name in {"refresh_token", "username", "password"}}
    expected |= changes.get("additional_payload", {})
    for name, value in expected.items():
        require_same(name, witness.value(request, name), value)
    if "scope" in changes and not witness.leaves_scope_out(request):
        requested = witness.scope_tokens(request)
        # More tokens than configured are no matter of encoding: MSAL adds openid and offline_access.
        require(
            requested >= set(changes["scope"].split(" ")),
            expected=f"the scope tokens {changes['scope']!r}, in any order",
            seen=f"the scope tokens {' '.join(sorted(requested))!r}",
            mark=Mark(text="scope="),
        )


@requirement(
    "encoding.client-roundtrip",
    level=MUST,
    basis=[
        rule(
            "RFC 6749 2.3.1",
            'The client identifier is encoded using the "application/x-www-form-urlencoded" encoding algorithm per Appendix B, '
            "and the encoded value is used as the username; the client password is encoded using the same algorithm and used "
            "as the password.",
        ),
        NAMES_AND_VALUES,
    ],
    covered_by=["auth.basic-form-urlencoded", "auth.client-authenticates"],
    grants=[GrantType.CLIENT_CREDENTIALS],
    statement="Any client id and secret of VSCHAR reach the server unchanged, in the header or in the body.",
)
@given(client_id=vschar_text(), client_secret=vschar_text())
def test_client_roundtrip(client: LabClient, tenant: Tenant, client_id: str, client_secret: str) -> None:
    """Do: configure generated client ids and secrets of printable ASCII, with the default authentication method.

    Check: decoded by RFC 6749 2.3.1, header or body contain both unchanged. A configuration error is accepted, and an
    earlier request without any credentials (auth.preemptive).
    """
    tenant.configure(strict=False)
    tenant.journal.clear()
    answer = client.obtain(client_id=client_id, client_secret=client_secret)
    if is_refused(client, answer):
        return
    last = client.token_request()
    for request in client.token_requests():
        sent = witness.presented_client(request)
        require(
            sent == (client_id, client_secret) or (sent == (None, None) and request is not last),
            expected=f"client id {client_id!r} and secret {client_secret!r}",
            seen=f"decoded at the server: {sent[0]!r} and {sent[1]!r}",
            mark=Mark(text=request.header("authorization") or "client_secret="),
        )
