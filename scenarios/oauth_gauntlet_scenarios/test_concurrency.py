"""Callers at once."""

from __future__ import annotations

from oauth_gauntlet.judge import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import INTEROP, PASSWORD, REFRESH_TOKEN, Variant, requirement
from oauth_gauntlet_server import RotationPolicy, Tenant, faults

_CALLERS = {"2": 2, "8": 8}


@requirement(
    "concurrency.same-answer",
    level=INTEROP,
    source="practice",
    capabilities=["parallel"],
    statement="Of callers at once each gets a token that works.",
    variants=_CALLERS,
)
def test_same_answer(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: several callers ask at once. Check: each gets a token, and the server knows each."""
    answers = client.get_tokens(variant.value)
    require(len(answers) == variant.value, expected=f"{variant.value} answers", seen=f"{len(answers)}")
    for answer in answers:
        good = not isinstance(answer, ErrorInfo) and isinstance(answer.access_token, str) and tenant.active(answer.access_token)
        require(good, expected="a token that is in force", seen=described(answer))


@requirement(
    "concurrency.single-flight",
    level=INTEROP,
    source="practice",
    capabilities=["parallel", "cache"],
    statement="Callers at once without a token in hand cause one token request.",
    variants=_CALLERS,
)
def test_single_flight(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server takes a moment, and several callers ask at once. Check: one token request."""
    tenant.arm(faults.delay(0.2))
    client.get_tokens(variant.value)
    count = tenant.journal.count("token")
    require(count == 1, expected="one token request", seen=f"{count}")


# RFC 9700 §4.14.2: a server that sees a refresh token twice ends the session: a stampede logs the user out.
@requirement(
    "concurrency.rotation-survives",
    level=INTEROP,
    source="RFC 9700 4.14.2",
    grants=[REFRESH_TOKEN, PASSWORD],
    capabilities=["parallel", "cache", "clock"],
    statement="Callers at once with an expired token do not end a session whose refresh tokens rotate.",
    variants=_CALLERS,
)
def test_rotation_survives(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: rotation with detection of reuse; the token expires; callers ask at once. Check: each gets a token in force."""
    tenant.configure(rotation=RotationPolicy.ROTATE_DETECT_REUSE)
    client.get_token()
    client.advance_clock(4000)
    answers = client.get_tokens(variant.value)
    for answer in answers:
        good = not isinstance(answer, ErrorInfo) and isinstance(answer.access_token, str) and tenant.active(answer.access_token)
        require(good, expected="a token that is in force", seen=described(answer))
