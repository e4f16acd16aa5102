"""Run the commands and the code that the documentation shows, and follow its links."""

import ast
import importlib
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from oauth_gauntlet.cli import SUBCOMMANDS

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "clients" / "README.md"]


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(blocks("docs/local-development.md", "python"))))
def test_python_for_local_development_runs(number, tmp_path):
    path = tmp_path / "test_block.py"
    path.write_text(blocks("docs/local-development.md", "python")[number])
    command = [sys.executable, str(path)]
    if "def test_" in path.read_text():
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_blocks_parse_and_their_imports_exist(page):
    for code in blocks(page.relative_to(ROOT), "python"):
        for statement in ast.parse(code).body:
            if isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith("oauth_gauntlet"):
                module = importlib.import_module(statement.module)
                assert all(hasattr(module, alias.name) for alias in statement.names)


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_shown_exists(page):
    fenced = "\n".join(re.findall(r"^```[a-z]*\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL))
    shown = re.findall(r"^oauth-gauntlet ([a-z]+)(.*)$", fenced, re.MULTILINE)
    for command, rest in shown:
        assert command in SUBCOMMANDS
        words = shlex.split(rest, comments=True)
        subcommand = words[:1] if command == "adapter" else []
        done = subprocess.run(
            [sys.executable, "-m", "oauth_gauntlet", command, *subcommand, "--help"],
            capture_output=True,
            text=True,
            timeout=300,
            check=True,
        )
        for option in [word.partition("=")[0] for word in words if word.startswith("--")]:
            assert option in done.stdout, f"{page.name}: {command} {option}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_has_a_target(page):
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
