import pytest

from oauth_gauntlet.checks import Breach, Untestable, advise, require, untestable
from oauth_gauntlet.model import Level, Mark, Verdict


def test_what_holds_ends_nothing():
    require(1, expected="a", seen="b")
    advise("x", expected="a", seen="b")


@pytest.mark.parametrize(
    ("say", "level", "grade"),
    [
        (require, Level.MUST, "fail"),
        (require, Level.CONNECTOR, "fail"),
        (require, Level.SHOULD, "warn"),
        (require, Level.INTEROP, "warn"),
        (advise, Level.MUST, "warn"),
    ],
)
def test_the_level_grades_a_breach_and_advice_is_never_more_than_a_warning(say, level, grade):
    with pytest.raises(Breach, match=r"^expected a; b$") as caught:
        say(0, expected="a", seen="b", mark=Mark(text="m"))
    finding = caught.value.finding(level)
    assert (finding.expected, finding.seen, finding.grade, finding.mark) == ("a", "b", grade, Mark(text="m"))


def test_a_grade_given_counts_before_the_level():
    with pytest.raises(Breach) as caught:
        require(0, expected="a", seen="b", grade=Verdict.FAIL)
    assert caught.value.finding(Level.INTEROP).grade is Verdict.FAIL


def test_untestable_gives_its_reason():
    with pytest.raises(Untestable, match="never came there"):
        untestable("the client never came there")
