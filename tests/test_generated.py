"""Every generated page, table and file is up to date."""

import pytest
from docs.generate import TARGETS, Target


@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_a_generated_file_is_up_to_date(target):
    assert target.stale() is None, f"{target} is out of date; run: make generate"


def test_a_block_is_replaced_between_its_marks_and_nothing_else_is_touched():
    target = Target(path="x.md", block="b", text=lambda: "new\n")
    text = "before\n<!-- begin generated: b -->\nold\n<!-- end generated: b -->\nafter\n"
    assert target.wanted(text) == "before\n<!-- begin generated: b -->\nnew\n<!-- end generated: b -->\nafter\n"
    assert target.wanted(target.wanted(text)) == target.wanted(text)


def test_a_file_without_the_marks_is_an_error_that_names_them():
    with pytest.raises(ValueError, match=r"x\.md: expected the lines '<!-- begin generated: b -->'"):
        Target(path="x.md", block="b", text=lambda: "new").wanted("nothing here\n")
