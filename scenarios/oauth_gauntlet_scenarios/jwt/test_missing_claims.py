"""No assertion is sent without issuer, subject and audience, whatever is configured."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.protocol import JSON
from oauth_gauntlet.requirement import MUST, Variant, requirement
from oauth_gauntlet_scenarios.jwt.required_claims import AUDIENCE, ISSUER, SUBJECT, values_of
from oauth_gauntlet_scenarios.jwt.sent_assertion import ASSERTION, JWT
from oauth_gauntlet_scenarios.made_up import MADE_UP

_NO_VALUE = MADE_UP | {""}

_UNSET = {"empty": "", "absent": None}


def _require_never_without(client: LabClient, claim: str, changes: dict[str, JSON]) -> None:
    """Require that a client without a configured value sends no assertion without the claim.

    It may refuse, or use a value that it knows otherwise. How it refuses is the subject of config.missing-jwt-*.
    """
    client.control()
    answer = client.obtain(**changes)
    for request in client.token_requests():
        if not witness.values(request, "assertion"):
            continue  # a request of another kind: no assertion was sent
        claims = witness.assertion(request).claims
        sent = values_of(claims, claim)
        require(
            sent and all(isinstance(value, str) and value.strip().lower() not in _NO_VALUE for value in sent),
            expected=f"a refusal, or an assertion with the claim {claim}",
            seen=f"an assertion with {claim}={claims.get(claim)!r} was sent; the client reported {described(answer)}",
            mark=ASSERTION,
        )


@requirement(
    "jwt.issuer-present",
    level=MUST,
    basis=ISSUER,
    grants=JWT,
    refused_as=["The claim iss is missing"],
    statement="No assertion is sent without the claim iss.",
    variants=_UNSET,
)
def test_issuer_present(client: LabClient, variant: Variant) -> None:
    """Do: configure an empty issuer, and none. Check: no assertion without iss. The client may refuse both."""
    _require_never_without(client, "iss", {"jwt_issuer": variant.value})


@requirement(
    "jwt.subject-present",
    level=MUST,
    basis=SUBJECT,
    grants=JWT,
    refused_as=["The claim sub is missing"],
    statement="No assertion is sent without the claim sub.",
    variants=_UNSET,
)
def test_subject_present(client: LabClient, variant: Variant) -> None:
    """Do: configure an empty subject, and none. Check: no assertion without sub. The client may refuse both."""
    _require_never_without(client, "sub", {"jwt_subject": variant.value})


@requirement(
    "jwt.audience-present",
    level=MUST,
    basis=AUDIENCE,
    grants=JWT,
    statement="No assertion is sent without the claim aud.",
    variants=_UNSET,
)
def test_audience_present(client: LabClient, variant: Variant) -> None:
    """Do: configure an empty audience, and none. Check: no assertion without aud. The client may refuse both."""
    _require_never_without(client, "aud", {"jwt_audience": variant.value})
