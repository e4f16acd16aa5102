"""What ``pip install oauth-gauntlet`` gives, in a new virtual environment without extras: the server, and little else."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from oauth_gauntlet.cli import SUBCOMMANDS
from oauth_gauntlet.judging.needed_packages import COMMAND

pytestmark = pytest.mark.slow  # installs packages

MOST_PACKAGES = 14
MOST_CPU_S = 0.05
BIN = Path("Scripts" if os.name == "nt" else "bin")


def environment(folder, *packages):
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    command = [folder / BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
    subprocess.run(command, check=True, timeout=600)
    return folder / BIN


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The folder of programs of an environment with the wheel only."""
    return environment(tmp_path_factory.mktemp("base") / "venv", wheel)


@pytest.fixture(scope="module")
def with_pytest(wheel, tmp_path_factory):
    """The same with pytest, as the user of the fixtures has it."""
    return environment(tmp_path_factory.mktemp("pytest") / "venv", wheel, "pytest")


def call(program, *arguments, cwd):
    return subprocess.run([program, *arguments], cwd=cwd, capture_output=True, text=True, timeout=300, check=False)


def test_it_is_few_packages(installed, tmp_path):
    code = "from importlib.metadata import distributions; print(*sorted(each.metadata['Name'] for each in distributions()))"
    found = set(call(installed / "python", "-c", code, cwd=tmp_path).stdout.split()) - {"pip", "setuptools"}
    assert "oauth-gauntlet" in found
    assert len(found) <= MOST_PACKAGES, found


@pytest.mark.parametrize("command", [["oauth-gauntlet", "serve"], ["python", "-m", "oauth_gauntlet_server"]], ids=" ".join)
def test_it_serves_a_token(installed, tmp_path, command):
    program, *arguments = command
    line = [installed / program, *arguments, "--port", "0"]
    unbuffered = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(line, cwd=tmp_path, env=unbuffered, stdout=subprocess.PIPE, text=True) as server:
        address = next(found[0] for found in (re.search(r"http://127\.0\.0\.1:\d+", each) for each in server.stdout) if found)
        form = b"grant_type=client_credentials&client_id=c&client_secret=s"
        with urllib.request.urlopen(f"{address}/default/token", form, timeout=60) as answer:
            assert json.load(answer)["token_type"] == "Bearer"
        server.send_signal(signal.SIGINT)
        server.stdout.read()
    assert server.returncode == 0


def test_it_lists_the_faults(installed, tmp_path):
    done = call(installed / "oauth-gauntlet", "faults", "redirect", cwd=tmp_path)
    assert (done.returncode, "redirect(status=307" in done.stdout) == (0, True), done.stderr


def test_help_says_which_commands_need_more(installed, tmp_path):
    done = call(installed / "oauth-gauntlet", "--help", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    there, more = done.stdout.split(f"Commands that need {COMMAND}:")
    for name, each in SUBCOMMANDS.items():
        assert re.search(rf"^  {name} ", more if each.judges else there, re.MULTILINE), name


@pytest.mark.parametrize("arguments", [[], ["--help"], ["x.jsonl", "--client", "x", "-k", "y"]], ids=str)
@pytest.mark.parametrize("name", [name for name, each in SUBCOMMANDS.items() if each.judges])
def test_a_command_that_judges_names_the_one_command_that_installs_it(installed, tmp_path, name, arguments):
    done = call(installed / "oauth-gauntlet", name, *arguments, cwd=tmp_path)
    line = f"oauth-gauntlet: oauth-gauntlet {name} needs packages that are not installed; run {COMMAND}\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", line)


def test_https_names_its_extra(installed, tmp_path):
    done = call(installed / "oauth-gauntlet", "serve", "--tls", "--port", "0", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "pip install 'oauth-gauntlet[tls]'" in done.stderr


THEIRS = """
import urllib.request

def test_mine(oauth_tenant):
    form = b"grant_type=client_credentials&client_id=c&client_secret=s"
    with urllib.request.urlopen(oauth_tenant.token_url, form, timeout=60) as answer:
        assert answer.status == 200
    assert oauth_tenant.journal.count() == 1
"""


def test_the_fixtures_work_under_pytest(with_pytest, tmp_path):
    (tmp_path / "test_theirs.py").write_text(THEIRS)
    done = call(with_pytest / "python", "-m", "pytest", "-q", "-W", "error", cwd=tmp_path)
    assert (done.returncode, "1 passed" in done.stdout) == (0, True), done.stdout + done.stderr


def test_the_options_of_the_plugin_name_the_extra(with_pytest, tmp_path):
    (tmp_path / "test_theirs.py").write_text(THEIRS)
    done = call(with_pytest / "python", "-m", "pytest", "--oauth-client", "x", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (4, "")
    assert f"ERROR: --oauth-client needs packages that are not installed; run {COMMAND}" in done.stderr


COST = """
import sys, time
import pytest
from importlib.metadata import entry_points

ours = [each for each in entry_points(group="pytest11") if each.value.startswith("oauth_gauntlet")]
before = set(sys.modules)
start = time.process_time()
for each in ours:
    each.load()
print(len(ours), time.process_time() - start, *sorted({name.split(".")[0] for name in set(sys.modules) - before}))
"""


def test_the_plugins_cost_other_sessions_little(with_pytest, tmp_path):
    """The time is of the processor, not of a clock; what is imported decides it."""
    plugins, cpu_s, *imported = call(with_pytest / "python", "-c", COST, cwd=tmp_path).stdout.split()
    assert plugins == "2"
    assert imported == ["oauth_gauntlet", "oauth_gauntlet_server"]
    assert float(cpu_s) < MOST_CPU_S
