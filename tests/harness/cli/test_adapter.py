"""``adapter new``: the printed commands work. ``adapter docs``: the pages are printed with absolute links."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from oauth_gauntlet.adapters.adapter_pages import page_names
from oauth_gauntlet.adapters.adapter_starter import starter_languages
from oauth_gauntlet.cli import main
from oauth_gauntlet.files.addresses import page


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
    assert lines[2:6] == [
        "  cd 'my go'",
        "  go build -o adapter .",
        "  oauth-gauntlet adapter check cmd:./adapter",
        "  oauth-gauntlet run --client cmd:./adapter",
    ]
    assert (tmp_path / "my go" / "main.go").exists()


def test_a_client_in_the_process_of_the_harness_has_a_spec_and_no_command(capsys, tmp_path):
    assert main(["adapter", "new", "python", "mine", "--in-process"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "mine: my_client.py"
    assert lines[2:5] == [
        "  cd mine",
        "  oauth-gauntlet adapter check py:my_client:MyClient",
        "  oauth-gauntlet run --client py:my_client:MyClient",
    ]


HOSTILE = "a\n::error::forged\r\x1b[31m\u202e##[error]b\x07"

TALKS = f"""
import json, sys
hostile = {HOSTILE!r}
about = {{"protocol": 1, "client": {{"name": hostile}}, "grants": ["client_credentials"], "capabilities": [hostile]}}
answers = {{"hello": {{"ok": about}}, "configure": {{"ok": {{}}}}}}
failure = {{"error": {{"kind": "unexpected", "message": hostile, "type": hostile}}}}
for line in sys.stdin:
    asked = json.loads(line)
    print(hostile, file=sys.stderr)
    print(json.dumps({{"id": asked["id"], **answers.get(asked["op"], failure)}}), flush=True)
"""


def test_what_an_adapter_writes_controls_neither_the_terminal_nor_the_log_of_a_ci_system(capsys, tmp_path):
    (tmp_path / "talks.py").write_text(TALKS)
    assert main(["adapter", "check", f"cmd:{shlex.quote(sys.executable)} talks.py"]) == 3
    out = capsys.readouterr().out
    assert "forged" in out
    assert all(character.isprintable() or character == "\n" for character in out), out
    assert not re.search(r"^\s*::|##\w*\[", out, re.MULTILINE)


@pytest.mark.parametrize("language", starter_languages())
def test_a_copy_names_the_address_of_the_documentation(language, tmp_path):
    assert main(["adapter", "new", language, "mine"]) == 0
    text = "".join(path.read_text() for path in (tmp_path / "mine").rglob("*") if path.is_file())
    assert page("docs/adapter-protocol.md") in text
    assert not re.search(r"(?<!/)\bdocs/[a-z-]+\.md", text)


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


@pytest.mark.parametrize("name", page_names())
def test_a_page_is_printed_with_absolute_links_and_its_address_on_stderr(name, capsys):
    assert main(["adapter", "docs", name]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("# ")
    assert not re.search(r"\]\((?!https://|#)", printed.out)
    address, file, others = printed.err.splitlines()
    assert address.startswith(page("docs/"))
    assert Path(file).read_text().splitlines()[0] == printed.out.splitlines()[0]
    assert all(other in others for other in page_names() if other != name)


def test_without_a_name_the_page_about_adapters_is_printed(capsys):
    assert main(["adapter", "docs"]) == 0
    assert capsys.readouterr().out.startswith("# Writing an adapter\n")


def test_a_page_that_does_not_exist_is_a_usage_error(capsys):
    assert main(["adapter", "docs", "faults"]) == 2
    assert "adapter docs: there is no page 'faults'; there are adapters, protocol, clocks" in capsys.readouterr().err
