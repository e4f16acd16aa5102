import io
import re

import pytest
from rich.console import Console

from oauth_gauntlet.cli.progress import LiveProgress

PLAN = {"type": "plan", "total": 4}


def result(scenario, verdict):
    return {"type": "result", "id": scenario.partition("[")[0], "scenario": scenario, "verdict": verdict}


RESULTS = [
    result("auth.basic[password]", "pass"),
    result("auth.post[password]", "violation"),
    result("parse.html[client_credentials]", "warning"),
    result("parse.bom[password]", "not_applicable"),
]


def shown(*, terminal=True, quiet=False, height=24):
    console = Console(file=io.StringIO(), force_terminal=terminal, width=100, height=height, no_color=True, highlight=False)
    with LiveProgress(console, quiet=quiet) as progress:
        for document in (PLAN, *RESULTS):
            progress.update(document)
        picture = Console(file=io.StringIO(), width=100, no_color=True)
        picture.print(progress._picture())
    return console.file.getvalue(), picture.file.getvalue()


def test_failures_are_printed_when_they_happen_and_each_category_has_a_line():
    output, picture = shown()
    printed = [line for line in re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", output).splitlines() if "[" in line]
    assert printed == ["violation  auth.post[password]", "warning    parse.html[client_credentials]"]
    lines = [line.rstrip() for line in picture.splitlines()]
    assert lines[:2] == ["auth   1 pass, 1 violation", "parse  1 warning, 1 not_applicable"]
    assert "4/4" in lines[2]


def test_a_low_terminal_shows_the_latest_categories():
    _, picture = shown(height=4)
    assert "parse" in picture
    assert "auth" not in picture


@pytest.mark.parametrize("how", [{"terminal": False}, {"quiet": True}])
def test_no_progress_is_printed_to_a_pipe_or_with_quiet(how):
    output, _ = shown(**how)
    assert output == ""
