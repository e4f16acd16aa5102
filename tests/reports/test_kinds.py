import pytest

from oauth_gauntlet_reports.kinds import REPORT_KINDS


@pytest.mark.parametrize("kind", REPORT_KINDS)
def test_every_kind_is_text_that_can_be_written_whatever_the_run(kind, hostile_run, make_run):
    assert REPORT_KINDS[kind](make_run()).endswith("\n")
    assert REPORT_KINDS[kind](hostile_run).encode("utf-8")
