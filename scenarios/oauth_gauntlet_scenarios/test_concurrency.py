"""Callers at once."""

from __future__ import annotations

import time
from collections.abc import Callable

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, Token
from oauth_gauntlet.requirement import CLIENT_CREDENTIALS, INTEROP, MUST, PASSWORD, REFRESH_TOKEN, Variant, requirement
from oauth_gauntlet_server import RotationPolicy, Tenant, faults

_CALLERS = {"2": 2, "8": 8, "32": 32}

_ROUNDS = 3
"""How often is asked at most where the machine may have been too slow."""


def _in_force(tenant: Tenant, answer: object) -> None:
    """Require a token that the server knows and has neither revoked nor let expire."""
    good = isinstance(answer, Token) and isinstance(answer.access_token, str) and tenant.active(answer.access_token)
    require(good, expected="a token that is in force", seen=described(answer))


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
        _in_force(tenant, answer)


@requirement(
    "concurrency.single-flight",
    level=INTEROP,
    source="practice",
    capabilities=["parallel", "cache"],
    waits=True,
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
    waits=True,
    statement="Callers at once with an expired token do not end a session whose refresh tokens rotate.",
    variants=_CALLERS,
)
def test_rotation_survives(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: rotation with detection of reuse; the token expires; the server takes a moment, and callers ask at once.

    Check: each gets a token in force.
    """
    tenant.configure(rotation=RotationPolicy.ROTATE_DETECT_REUSE)
    client.get_token()
    client.advance(4000)
    tenant.arm(faults.delay(0.1))
    answers = client.get_tokens(variant.value)
    for answer in answers:
        _in_force(tenant, answer)


@requirement(
    "concurrency.renewed-once",
    level=INTEROP,
    source="practice",
    capabilities=["parallel", "cache", "clock", "auto_refresh"],
    waits=True,
    statement="Callers at once with an expired token cause one renewal.",
    variants=_CALLERS,
)
def test_renewed_once(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: get a token, let it expire; the server takes a moment, and callers ask at once. Check: one token request."""
    client.get_token()
    client.advance(4000)
    tenant.journal.clear()
    tenant.arm(faults.delay(0.1))
    answers = client.get_tokens(variant.value)
    count = tenant.journal.count("token")
    require(count == 1, expected=f"one token request for {variant.value} callers", seen=f"{count}")
    different = {answer.access_token if not isinstance(answer, ErrorInfo) else None for answer in answers}
    require(len(different) == 1, expected="the same new token for each", seen=f"{len(different)} different answers")


@requirement(
    "concurrency.failure-frees",
    level=INTEROP,
    source="practice",
    capabilities=["parallel"],
    statement="A request that fails among callers at once does not keep the others, or later ones, from a token.",
    variants={"reset": faults.fault("reset_without_answer"), "503": faults.http_status(503, "later")},
)
def test_failure_frees(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: eight callers at once, of whose requests the first fails; then eight again. Check: then each gets a token."""
    tenant.arm(variant.value, times=1)
    for answer in client.get_tokens(8):
        documented(answer)
    tenant.clear_faults()
    for answer in client.get_tokens(8):
        require(not isinstance(answer, ErrorInfo), expected="a token for each caller", seen=described(answer))


@requirement(
    "concurrency.timeout-frees",
    level=INTEROP,
    source="practice",
    grants=[REFRESH_TOKEN, CLIENT_CREDENTIALS, PASSWORD],
    capabilities=["parallel"],
    parameters=["timeout"],
    waits=True,
    statement="A caller whose request times out does not keep the others, or later ones, from a token.",
)
def test_timeout_frees(client: LabClient, tenant: Tenant) -> None:
    """Do: a limit of 1 s; of the requests of four callers at once the first meets silence; then four again.

    Check: documented answers first, then a token for each.
    """
    limit_s = 1.0
    client.configure(timeout=limit_s)
    tenant.arm(faults.fault("silence", seconds=9.0), times=1)
    for answer in client.get_tokens(4):
        documented(answer)
    tenant.clear_faults()
    # On a busy machine a later caller may come to the limit as well, by itself: then four ask once more.
    for _ in range(_ROUNDS):
        began = time.monotonic()
        answers = client.get_tokens(4)
        if time.monotonic() - began < limit_s or not any(isinstance(answer, ErrorInfo) for answer in answers):
            break
    for answer in answers:
        require(not isinstance(answer, ErrorInfo), expected="a token for each caller", seen=described(answer))


@requirement(
    "concurrency.cancel-frees",
    level=INTEROP,
    source="practice",
    capabilities=["parallel", "cancel"],
    waits=True,
    statement="A caller that is cancelled does not keep the others, or later ones, from a token.",
    variants={"first": 1, "all-but-one": 3},
)
def test_cancel_frees(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server takes a moment; of four callers at once the first, or all but the last, are cancelled; then four again.

    Check: the cancelled ones say so, each of the others gets a token in force, and so does each later one.
    """
    tenant.arm(faults.delay(1.2), times=variant.value)  # those who are to be cancelled ask ahead of the others
    answers = client.get_tokens(4, cancel=variant.value)
    tenant.clear_faults()
    cancelled, others = answers[: variant.value], answers[variant.value :]
    if not any(isinstance(answer, ErrorInfo) and answer.kind is ErrorKind.CANCELLED for answer in cancelled):
        untestable(f"no caller was cancelled: the first has {described(cancelled[0])}")
    for answer in (*others, *client.get_tokens(4)):
        _in_force(tenant, answer)


@requirement(
    "concurrency.no-mixing",
    level=MUST,
    source="practice; RFC 6749 1.4",
    grants=[CLIENT_CREDENTIALS],
    statement="Two clients, configured differently in front of one server, never share a token.",
)
def test_no_mixing(client: LabClient, another_client: Callable[[], LabClient], tenant: Tenant) -> None:
    """Do: two clients with ids of their own, started side by side, ask in turns. Check: each gets tokens issued to itself."""
    second = another_client()
    client.configure(client_id="first-client", client_secret="first-secret")
    second.configure(client_id="second-client", client_secret="second-secret")
    for party, name in (
        (client, "first-client"),
        (second, "second-client"),
        (client, "first-client"),
        (second, "second-client"),
    ):
        token = party.get_token()
        record = tenant.active(str(token.access_token))
        owner = None if record is None else record.client_id
        require(owner == name, expected=f"a token issued to {name}", seen=f"one issued to {owner}")
