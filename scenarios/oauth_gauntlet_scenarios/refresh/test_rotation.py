"""Rotation: which refresh token a client sends next."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, usable
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType, Token
from oauth_gauntlet.requirement import INTEROP, MUST, REFRESH_TOKEN, Variant, requirement
from oauth_gauntlet_scenarios.refresh.held_token import WITH_REFRESH_TOKEN, begin_session, sent_token
from oauth_gauntlet_server import RotationPolicy, Tenant, faults


# RFC 6749 §6: "the client MUST discard the old refresh token and replace it with the new refresh token."
@requirement(
    "refresh.rotation-replaces",
    level=MUST,
    source="RFC 6749 6",
    grants=WITH_REFRESH_TOKEN,
    capabilities=["refresh"],
    statement="A new refresh token in the response replaces the old one.",
)
def test_rotation_replaces(client: LabClient, tenant: Tenant) -> None:
    """Do: the server rotates refresh tokens; refresh twice.

    Check: each request contains the token of the last response.
    """
    tenant.configure(rotation=RotationPolicy.ROTATE)
    begin_session(client)
    for _ in range(2):
        newest = client.grants()[-1]["refresh_token"]
        client.try_refresh()
        require(
            sent_token(client) == newest,
            expected="the refresh token of the last response",
            seen=f"refresh_token={sent_token(client)}, an older one",
            mark=Mark(text="refresh_token="),
        )


# RFC 6749 §6: the server "MAY issue a new refresh token"; without one in the response, the old one stays
# valid.
@requirement(
    "refresh.absent-keeps",
    level=INTEROP,
    source="RFC 6749 6",
    grants=WITH_REFRESH_TOKEN,
    capabilities=["refresh"],
    statement="The client keeps its refresh token if the response contains no new one.",
    variants={"absent": ..., "null": None, "empty": ""},
)
def test_absent_keeps(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: refresh twice; the responses contain no refresh token, null or an empty one.

    Check: the client sends the old one.
    """
    if client.grant is GrantType.REFRESH_TOKEN:
        _arm_answer(tenant, variant)
        held = str(client.configuration()["refresh_token"])
        client.configure(refresh_token=held)
        first = client.try_get_token()
        # RFC 6749 §5.1 does not allow a null or empty refresh token; a client may refuse such a response
        # clearly.
        if isinstance(first, ErrorInfo) and first.kind is ErrorKind.PROTOCOL:
            return
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
            seen=f"refresh_token={sent_token(client)!r}",
            mark=Mark(text="refresh_token="),
        )


def _arm_answer(tenant: Tenant, variant: Variant) -> None:
    """Let responses contain a null or empty refresh token, or none at all (the server's default policy)."""
    if variant.value is not ...:
        tenant.arm(faults.token_member("refresh_token", variant.value))


@requirement(
    "refresh.many-generations",
    level=MUST,
    source="RFC 6749 6",
    grants=[REFRESH_TOKEN],
    capabilities=["refresh"],
    statement="The client follows fifty rotations in a row.",
)
def test_many_generations(client: LabClient, tenant: Tenant) -> None:
    """Do: the server rotates, and ends the session when a used token is sent again; refresh fifty times.

    Check: every refresh succeeds.
    """
    tenant.configure(rotation=RotationPolicy.ROTATE_DETECT_REUSE)
    client.get_token()
    for _ in range(50):
        client.refresh()


@requirement(
    "refresh.odd-not-sent",
    level=INTEROP,
    source="practice; RFC 6749 6, Appendix A.17",
    grants=[REFRESH_TOKEN],
    capabilities=["refresh"],
    statement="The client never sends a refresh token that is not a string, in any spelling of its programming language.",
    variants={"true": True, "array": ["gauntlet"], "object": {"gauntlet": "a"}},
)
def test_odd_not_sent(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: refresh_token in the response has another type; then refresh.

    Check: the client sends the earlier refresh token, or nothing; never True, [object Object] or the like.
    """
    tenant.arm(faults.token_member("refresh_token", variant.value), times=1)
    configured = None if not isinstance(client.try_get_token(), Token) else client.config["refresh_token"]
    before = tenant.journal.count("token")
    client.try_refresh()
    for request in tenant.journal.requests("token")[before:]:
        sent = witness.value(request, "refresh_token")
        require(
            sent in {None, configured, client.config["refresh_token"]},
            expected="the refresh token that was configured, or no request",
            seen=f"refresh_token={sent}",
            mark=Mark(text="refresh_token="),
        )
