"""The words for verdicts and levels: one word for one thing in every report."""

from __future__ import annotations

from oauth_gauntlet.model import Level, Verdict, number

VERDICT_WORDS = {
    Verdict.VIOLATION: "violation",
    Verdict.HAZARD: "hazard",
    Verdict.DEVIATION: "deviation",
    Verdict.ERROR: "error",
    Verdict.UNTESTABLE: "untestable",
    Verdict.WARNING: "warning",
    Verdict.CONSEQUENCE: "consequence",
    Verdict.PASS: "passed",
    Verdict.NOT_APPLICABLE: "not applicable",
}
"""The word for one scenario with this verdict."""

VERDICT_MEANINGS = {
    Verdict.VIOLATION: "The client breaks a document that binds it: the quoted sentence says MUST, or is a rule of form.",
    Verdict.HAZARD: "No sentence binds the client, but a token or a secret gets lost, or identities get mixed up.",
    Verdict.DEVIATION: "The client deviates from a profile: a document that you chose. It breaks no RFC by that.",
    Verdict.WARNING: "The client does not follow a recommendation, or fails with some servers in use.",
    Verdict.CONSEQUENCE: "It fails only because another requirement is not met: fix that one. It is not counted.",
    Verdict.UNTESTABLE: "The client did not reach the point that is tested: there is no evidence for or against it.",
    Verdict.ERROR: "The adapter or the harness failed. This is no verdict on the client.",
}
"""What a finding with this verdict says."""

LEVEL_WORDS = {
    Level.MUST: "a document requires it of the client",
    Level.UNSAFE: "a client that deviates loses a token or a secret, or mixes up identities",
    Level.SHOULD: "a document recommends it to the client",
    Level.INTEROP: "servers in use require it",
    Level.PROFILE: "a profile that you chose requires it",
}
"""Where the requirements of a level come from."""

PLATFORM_MEANING = (
    "The HTTP stack decides this for most clients: look there first. If another client of the platform passes, look at how "
    "this one uses the stack."
)
"""What the mark of a platform says."""

PLATFORM_SIGN = "◇"
"""The sign for a finding of a client's platform."""

_COUNTABLE = {Verdict.VIOLATION, Verdict.HAZARD, Verdict.DEVIATION, Verdict.ERROR, Verdict.WARNING, Verdict.CONSEQUENCE}


def counted(count: int, verdict: Verdict) -> str:
    """Return a number of scenarios with its verdict: ``2 violations``, ``5 passed``."""
    word = VERDICT_WORDS[verdict]
    return number(count, word) if verdict in _COUNTABLE else f"{count} {word}"
