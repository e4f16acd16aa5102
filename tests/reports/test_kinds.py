import re
from pathlib import Path

import pytest

from oauth_gauntlet_reports.kinds import REPORT_KINDS

PAGE = Path(__file__).parents[2] / "docs" / "reports.md"


@pytest.mark.parametrize("kind", REPORT_KINDS)
def test_every_kind_renders_an_empty_and_a_hostile_run_as_utf_8(kind, hostile_run, make_run):
    assert REPORT_KINDS[kind](make_run()).endswith("\n")
    assert REPORT_KINDS[kind](hostile_run).encode("utf-8")


def test_the_documentation_lists_every_kind_once():
    (table,) = re.findall(r"^\| kind \|.*\n\|-.*\n((?:\|.*\n)+)", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)) == sorted(REPORT_KINDS)
