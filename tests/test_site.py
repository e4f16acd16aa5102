"""The documentation site, without Sphinx (``make docs`` builds it): every page has one place in it."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
INDEX = (DOCS / "index.md").read_text(encoding="utf-8")


def test_each_page_is_in_one_list_of_the_index():
    lists = re.findall(r"```\{toctree\}\n:maxdepth: 1\n\n(.*?)```", INDEX, re.DOTALL)
    listed = [name for each in lists for name in each.split()]
    pages = {str(page.relative_to(DOCS).with_suffix("")) for page in DOCS.rglob("*.md") if "_build" not in page.parts}
    assert sorted(listed) == sorted(pages - {"index"})


def test_the_index_has_the_four_kinds_of_documentation():
    assert re.findall(r"^## (.*)$", INDEX, re.MULTILINE) == ["Tutorial", "How to", "Reference", "Explanation"]
