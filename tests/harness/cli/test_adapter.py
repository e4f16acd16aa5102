"""``adapter new``: the printed commands work."""

import re
import shlex
import shutil
import subprocess
import sys

import pytest

from oauth_gauntlet.adapters.adapter_starter import starter_languages
from oauth_gauntlet.cli import main


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_without_a_language_the_languages_are_listed(capsys):
    assert main(["adapter", "new"]) == 0
    assert capsys.readouterr().out.split("\n  ")[1:] == [*starter_languages()[:-1], f"{starter_languages()[-1]}\n"]


def test_the_next_commands_are_printed(capsys, tmp_path):
    assert main(["adapter", "new", "go", "my go"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("my go: adapterloop/about.go, ")
    assert lines[2:] == [
        "  cd 'my go'",
        "  go build -o adapter .",
        "  oauth-gauntlet adapter check cmd:./adapter",
        "  oauth-gauntlet run --client cmd:./adapter",
    ]
    assert (tmp_path / "my go" / "main.go").exists()


def test_existing_files_are_not_overwritten(capsys):
    assert main(["adapter", "new", "javascript"]) == 0
    assert main(["adapter", "new", "javascript"]) == 2
    assert "my-adapter: adapter-loop.mjs, adapter.mjs: already in the folder, and not overwritten" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_printed_command_works_and_names_what_to_fill_in(capsys, tmp_path):
    assert main(["adapter", "new", "javascript"]) == 0
    (check,) = re.findall(r"^  oauth-gauntlet (adapter check .*)$", capsys.readouterr().out, re.MULTILINE)
    command = [sys.executable, "-m", "oauth_gauntlet", *shlex.split(check)]
    done = subprocess.run(command, cwd=tmp_path / "my-adapter", capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "fill in get_token" in done.stdout
