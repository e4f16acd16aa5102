import pytest

from oauth_gauntlet.model import FINDINGS, Level, Verdict
from oauth_gauntlet_reports.evidence.words import LEVEL_WORDS, VERDICT_MEANINGS, VERDICT_WORDS, counted


def test_each_verdict_and_level_has_words():
    assert set(VERDICT_WORDS) == set(Verdict)
    assert set(VERDICT_MEANINGS) == FINDINGS | {Verdict.CONSEQUENCE}
    assert set(LEVEL_WORDS) == set(Level)


@pytest.mark.parametrize(
    ("count", "verdict", "words"),
    [
        (1, Verdict.VIOLATION, "1 violation"),
        (2, Verdict.HAZARD, "2 hazards"),
        (2, Verdict.PASS, "2 passed"),
        (3, Verdict.NOT_APPLICABLE, "3 not applicable"),
        (2, Verdict.UNTESTABLE, "2 untestable"),
    ],
)
def test_a_number_of_scenarios(count, verdict, words):
    assert counted(count, verdict) == words
