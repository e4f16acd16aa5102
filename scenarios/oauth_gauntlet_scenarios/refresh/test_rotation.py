"""Rotation: which refresh token a client sends next."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, usable
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType, Token
from oauth_gauntlet.requirement import INTEROP, MUST, REFRESH_TOKEN, Variant, requirement
from oauth_gauntlet_scenarios.refresh.held_token import HOLDS_ONE, begin_session, sent_token
from oauth_gauntlet_server import RotationPolicy, Tenant, faults


# RFC 6749 §6: "the client MUST discard the old refresh token and replace it with the new refresh token."
@requirement(
    "refresh.rotation-replaces",
    level=MUST,
    source="RFC 6749 6",
    grants=HOLDS_ONE,
    capabilities=["refresh"],
    statement="A new refresh token in the answer replaces the old one.",
)
def test_rotation_replaces(client: LabClient, tenant: Tenant) -> None:
    """Do: the server rotates refresh tokens; refresh twice. Check: each request carries the token of the last answer."""
    tenant.configure(rotation=RotationPolicy.ROTATE)
    begin_session(client)
    for _ in range(2):
        newest = client.grants()[-1]["refresh_token"]
        client.try_refresh()
        require(
            sent_token(client) == newest,
            expected="the refresh token of the last answer",
            seen=f"refresh_token={sent_token(client)}, an older one",
            mark=Mark(text="refresh_token="),
        )


# RFC 6749 §6: the server "MAY issue a new refresh token"; an answer without one leaves the old one in force.
@requirement(
    "refresh.absent-keeps",
    level=INTEROP,
    source="RFC 6749 6",
    grants=HOLDS_ONE,
    capabilities=["refresh"],
    statement="An answer without a new refresh token keeps the old one.",
    variants={"absent": ..., "null": None, "empty": ""},
)
def test_absent_keeps(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: refresh twice; the answers have no refresh token, null, or an empty one. Check: the old one is sent again."""
    if client.grant is GrantType.REFRESH_TOKEN:
        _arm_answer(tenant, variant)
        held = str(client.configuration()["refresh_token"])
        client.configure(refresh_token=held)
        first = client.try_get_token()
        # A refresh token that is null or empty is none of RFC 6749 §5.1's; a client may refuse such an answer clearly.
        if isinstance(first, ErrorInfo) and first.kind is ErrorKind.PROTOCOL:
            return
        usable(first)
    else:
        # The first answer has to bring the refresh token that is to be kept.
        held = begin_session(client)
        _arm_answer(tenant, variant)
    for _ in range(2):
        before = tenant.journal.count("token")
        answer = client.try_refresh()
        require(
            tenant.journal.count("token") > before,
            expected="a further refresh request, with the refresh token that is still valid",
            seen=f"none was sent; the client reported {described(answer)}",
        )
        require(
            sent_token(client) == held,
            expected="the refresh token that is still valid",
            seen=f"refresh_token={sent_token(client)!r}",
            mark=Mark(text="refresh_token="),
        )


def _arm_answer(tenant: Tenant, variant: Variant) -> None:
    """Let no answer from here on hold a refresh token; the server's own policy is to leave it out."""
    if variant.value is not ...:
        tenant.arm(faults.token_member("refresh_token", variant.value))


@requirement(
    "refresh.many-generations",
    level=MUST,
    source="RFC 6749 6",
    grants=[REFRESH_TOKEN],
    capabilities=["refresh"],
    statement="Fifty rotations in a row are followed.",
)
def test_many_generations(client: LabClient, tenant: Tenant) -> None:
    """Do: the server rotates and ends the session when a spent token comes again; refresh fifty times.

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
    statement="A refresh token that is no string is never sent in any spelling of the programming language.",
    variants={"true": True, "array": ["gauntlet"], "object": {"gauntlet": "a"}},
)
def test_odd_not_sent(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the answer carries a refresh_token of another type; then refresh.

    Check: the earlier refresh token is sent, or nothing; never True, [object Object] or the like.
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
