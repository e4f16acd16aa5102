"""`refused_as` names what the mock server says: each pattern matches a text in the modules that refuse requests."""

import ast
import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

import oauth_gauntlet_server
from oauth_gauntlet_scenarios.catalogue import scenarios

PATTERNS = [(scenario.requirement.id, pattern) for scenario in scenarios() for pattern in scenario.requirement.refused_as]


def texts():
    """Return every text with words in the server's endpoints and its form reader; what an f-string inserts is ``*``."""
    return {text for text in every_text() if re.search("[A-Za-z]", text)}


def every_text():
    folder = Path(oauth_gauntlet_server.__file__).parent / "oauth"
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.JoinedStr):
                yield "".join(part.value if isinstance(part, ast.Constant) else "*" for part in node.values)


TEXTS = texts()


@pytest.mark.parametrize(("requirement", "pattern"), PATTERNS)
def test_the_server_gives_this_reason(requirement, pattern):
    assert any(fnmatchcase(text, pattern) or fnmatchcase(pattern, text) for text in TEXTS), requirement


def test_a_reason_that_the_server_never_gives_is_found():
    assert not any(fnmatchcase("The client is tired", text) for text in TEXTS)
