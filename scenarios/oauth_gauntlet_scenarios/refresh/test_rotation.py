"""Rotation: which refresh token a client sends next."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient, described, usable
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType, Token
from oauth_gauntlet.requirement import INTEROP, MUST, REFRESH_TOKEN, SERVER, Variant, practice, quote, requirement, rule
from oauth_gauntlet_scenarios.refresh.held_token import WITH_REFRESH_TOKEN, begin_session, sent_token, shown_token
from oauth_gauntlet_server import RotationPolicy, Tenant, faults


@requirement(
    "refresh.rotation-replaces",
    level=MUST,
    basis=quote(
        "RFC 6749 6",
        "The authorization server MAY issue a new refresh token, in which case the client MUST discard the old refresh token "
        "and replace it with the new refresh token.",
    ),
    grants=WITH_REFRESH_TOKEN,
    capabilities=["refresh"],
    refused_as=["The refresh token was used before"],
    statement="A new refresh token in the response replaces the old one.",
)
def test_rotation_replaces(client: LabClient, tenant: Tenant) -> None:
    """Do: the server rotates refresh tokens; refresh twice.

    Check: each request contains the token of the last response.
    """
    tenant.configure(rotation=RotationPolicy.ROTATE)
    begin_session(client)
    _follow_rotations(client, tenant, 2)


def _show_that_refreshes_are_sent(client: LabClient) -> None:
    """Show that the client sends a refresh request when nothing is under test.

    Raises:
        Untestable: it sends none.
    """
    other = client.at_another_tenant()
    other.try_get_token()
    before = other.tenant.journal.count("token")
    answer = other.try_refresh()
    if other.tenant.journal.count("token") == before:
        untestable(f"the client sends no refresh request, even with a plain refresh token: it reported {described(answer)}")


def _follow_rotations(client: LabClient, tenant: Tenant, times: int) -> None:
    """Refresh so many times, and require that each request contains the refresh token of the last response.

    Raises:
        Untestable: the client sends no request.
    """
    for _ in range(times):
        newest = client.grants()[-1]["refresh_token"]
        before = tenant.journal.count("token")
        answer = client.try_refresh()
        if tenant.journal.count("token") == before:
            untestable(f"the client sent no refresh request; it reported {described(answer)}")
        request = client.token_request()
        if witness.value(request, "grant_type") != GrantType.REFRESH_TOKEN:
            untestable(f"the client sent no refresh request, but one with {witness.shown(request, 'grant_type')}")
        require(
            sent_token(client) == newest,
            expected="the refresh token of the last response",
            seen=f"the request contains another refresh token than the newest one: {sent_token(client)}",
            mark=Mark(text="refresh_token="),
        )


# No document says what null or an empty text means; the old refresh token is valid in each case, and a client that refuses the
# answer keeps it.
@requirement(
    "refresh.absent-keeps",
    level=INTEROP,
    basis=[
        practice("Most servers do not rotate: the old refresh token stays valid, and some say so by null or an empty text."),
        quote("RFC 6749 6", "The authorization server MAY issue a new refresh token", binds=SERVER),
    ],
    grants=WITH_REFRESH_TOKEN,
    capabilities=["refresh"],
    statement="The client keeps its refresh token if the response contains no new one.",
    variants={"absent": ..., "null": None, "empty": ""},
)
def test_absent_keeps(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: refresh twice; the responses contain no refresh token, null or an empty one.

    Check: the client sends the old one.
    """
    client.control()
    if client.grant is GrantType.REFRESH_TOKEN:
        _arm_answer(tenant, variant)
        held = str(client.configuration()["refresh_token"])
        client.configure(refresh_token=held)
        first = client.try_get_token()
        # RFC 6749 §5.1 does not allow a null or empty refresh token; a client may refuse such a response
        # clearly.
        if variant.value is ... or not (isinstance(first, ErrorInfo) and first.kind is ErrorKind.PROTOCOL):
            usable(first)
    else:
        # The first response must contain the refresh token that the client then keeps.
        held = begin_session(client)
        _arm_answer(tenant, variant)
    for _ in range(2):
        before = tenant.journal.count("token")
        answer = client.try_refresh()
        require(
            tenant.journal.count("token") > before,
            expected="another refresh request, with the refresh token that is still valid",
            seen=f"no request; the client reported {described(answer)}",
        )
        require(
            sent_token(client) == held,
            expected="the refresh token that is still valid",
            seen=f"the refresh token that is still valid was lost or replaced: {shown_token(client)}",
            mark=Mark(text="refresh_token="),
        )


def _arm_answer(tenant: Tenant, variant: Variant) -> None:
    """Let responses contain a null or empty refresh token, or none at all (the server's default policy)."""
    if variant.value is not ...:
        tenant.arm(faults.token_member("refresh_token", variant.value))


@requirement(
    "refresh.many-generations",
    level=MUST,
    basis=quote(
        "RFC 6749 6",
        "The authorization server MAY issue a new refresh token, in which case the client MUST discard the old refresh token "
        "and replace it with the new refresh token.",
    ),
    covered_by=["refresh.rotation-replaces"],
    grants=[REFRESH_TOKEN],
    capabilities=["refresh"],
    statement="The client follows fifty rotations in a row.",
)
def test_many_generations(client: LabClient, tenant: Tenant) -> None:
    """Do: the server rotates, and ends the session when a used token is sent again; refresh fifty times.

    Check: each request contains the token of the last response.
    """
    tenant.configure(rotation=RotationPolicy.ROTATE_DETECT_REUSE)
    begin_session(client)
    _follow_rotations(client, tenant, 50)


@requirement(
    "refresh.odd-not-sent",
    level=INTEROP,
    basis=[
        practice(
            "Servers send true or an object by mistake. The session then ends at the next refresh, without a clear error."
        ),
        rule("RFC 6749 A.17", "refresh-token = 1*VSCHAR"),
    ],
    grants=[REFRESH_TOKEN],
    capabilities=["refresh"],
    statement="The client never sends a refresh token that is not a string, in any spelling of its programming language.",
    variants={"true": True, "array": ["gauntlet"], "object": {"gauntlet": "a"}},
)
def test_odd_not_sent(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: refresh_token in the response has another type; then refresh.

    Check: the client sends the earlier refresh token, or nothing; never True, [object Object] or the like.
    """
    client.control()
    tenant.arm(faults.token_member("refresh_token", variant.value), times=1)
    configured = None if not isinstance(client.try_get_token(), Token) else client.config["refresh_token"]
    before = tenant.journal.count("token")
    client.try_refresh()
    later = tenant.journal.requests("token")[before:]
    if not later:
        _show_that_refreshes_are_sent(client)
    for request in later:
        sent = witness.value(request, "refresh_token")
        require(
            sent in {None, configured, client.config["refresh_token"]},
            expected="the refresh token that was configured, or no request",
            seen=f"the client sends a refresh token that was no string: refresh_token={sent}",
            mark=Mark(text="refresh_token="),
        )
