import pytest

from oauth_gauntlet.checks import Breach, Untestable, advise, require, untestable
from oauth_gauntlet.model import Level, Mark, Verdict


def test_a_condition_that_holds_does_not_end_the_scenario():
    require(1, expected="a", seen="b")
    advise("x", expected="a", seen="b")


@pytest.mark.parametrize(
    ("check", "level", "grade"),
    [
        (require, Level.MUST, "violation"),
        (require, Level.UNSAFE, "hazard"),
        (require, Level.PROFILE, "deviation"),
        (require, Level.SHOULD, "warning"),
        (require, Level.INTEROP, "warning"),
        (advise, Level.MUST, "warning"),
    ],
)
def test_the_level_grades_require_and_advise_is_always_a_warning(check, level, grade):
    with pytest.raises(Breach, match=r"^expected a; b$") as caught:
        check(0, expected="a", seen="b", mark=Mark(text="m"))
    finding = caught.value.finding(level)
    assert (finding.expected, finding.seen, finding.grade, finding.mark) == ("a", "b", grade, Mark(text="m"))


def test_an_explicit_grade_overrides_the_level():
    with pytest.raises(Breach) as caught:
        require(0, expected="a", seen="b", grade=Verdict.VIOLATION)
    assert caught.value.finding(Level.INTEROP).grade is Verdict.VIOLATION


def test_untestable_has_its_reason():
    with pytest.raises(Untestable, match="never came there"):
        untestable("the client never came there")
