"""The hook for pre-commit: the file is valid, and its entry judges a client."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / ".pre-commit-hooks.yaml").read_text()
(HOOK,) = yaml.safe_load(TEXT)
SCRIPTS = Path(sys.executable).parent


def run_hook(*arguments, cwd):
    """Run the entry as pre-commit does: split like a shell command, with the arguments of the user at the end."""
    program, *rest = [*shlex.split(HOOK["entry"]), *arguments]
    return subprocess.run([SCRIPTS / program, *rest], cwd=cwd, capture_output=True, text=True, check=False)


def test_the_hook_has_the_keys_that_pre_commit_needs():
    # https://pre-commit.com/#creating-new-hooks: id, name, entry and language are required.
    assert {"id", "name", "entry", "language"} <= HOOK.keys()
    assert HOOK["language"] == "python"
    assert HOOK["additional_dependencies"] == ["oauth-gauntlet[judge]"]
    assert HOOK["pass_filenames"] is False
    assert HOOK["stages"] == ["pre-push"]


def test_the_recipe_without_pre_commit_is_the_same_command():
    documented = (ROOT / "docs/reports.md").read_text()
    (recipe,) = re.findall(r"^exec (oauth-gauntlet run .*?)\n```", documented, re.MULTILINE | re.DOTALL)
    client, *rest = [each for each in shlex.split(recipe.replace("\\\n", " ")) if not each.startswith("cmd:")][2:]
    assert client == "--client"
    assert ["oauth-gauntlet", "run", *rest] == shlex.split(HOOK["entry"])


def test_the_hook_names_the_option_that_is_missing(tmp_path):
    done = run_hook(cwd=tmp_path)
    assert done.returncode == 2
    assert "--client" in done.stderr


@pytest.mark.slow
def test_the_hook_passes_a_correct_client_and_refuses_a_wrong_one(tmp_path):
    done = run_hook("--client", "py:oauth_gauntlet.reference:make_client", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 hazards" in " ".join(done.stdout.split())
    wrong = run_hook("--client", "py:tests.selftest.bugs:AnyTokenTaken", cwd=ROOT)
    assert wrong.returncode == 1
