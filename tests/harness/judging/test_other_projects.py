"""Scenarios in the pytest session of another project: its fixtures, settings and plugins have no part in a verdict."""

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest

import oauth_gauntlet
import oauth_gauntlet_reports
import oauth_gauntlet_scenarios
import oauth_gauntlet_server

pytestmark = pytest.mark.slow

CONFTEST = """
import socket
import pytest

@pytest.fixture
def client():
    raise AssertionError("the project's own fixture")

tenant = grant = server = ports = variant = renewal = seed = another_client = client

@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*arguments):
        raise AssertionError("no test of this project uses the network")
    monkeypatch.setattr(socket.socket, "connect", refuse)
"""

SETTINGS = """
[tool.pytest.ini_options]
addopts = ["--strict-markers", "--strict-config", "-p", "no:cacheprovider", "-p", "no:schemathesis"]
filterwarnings = ["error"]
python_files = ["check_*.py"]
python_functions = ["check_*"]
"""

MINE = """
import warnings
import pytest
from oauth_gauntlet.requirement import MUST, PASSWORD, requirement, rule

@requirement("mine.warns", level=MUST, basis=rule("Mine 1", "So."), statement="It passes.", grants=[PASSWORD])
def check_it(client):
    '''Do: warn; get a token.'''
    warnings.warn("the client uses something old", DeprecationWarning)
    client.get_token()

@requirement("mine.breach", level=MUST, basis=rule("Mine 1", "So."), statement="It fails.", grants=[PASSWORD])
def check_breach(client):
    '''Check: the impossible.'''
    from oauth_gauntlet.checks import require
    client.get_token()
    require(False, expected="the impossible", seen="the possible")

@pytest.mark.timeout(6000)
def check_ordinary():
    pass
"""

PLUGINS = {
    "asyncio": ["-o", "asyncio_mode=auto", "-o", "asyncio_default_fixture_loop_scope=function"],
    "cov": ["--cov=oauth_gauntlet.arguments"],
    "randomly": ["--randomly-seed=7"],
    "rerunfailures": ["--reruns=2"],
    "timeout": ["--timeout=0.01"],
}
"""The plugins of the project, with options that would change verdicts."""


@pytest.fixture
def project(tmp_path):
    """A project whose environment is a folder in it; the packages are there as after an installation."""
    environment = tmp_path / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True, timeout=600)
    (libraries,) = environment.glob("lib/python*/site-packages")
    for package in (oauth_gauntlet, oauth_gauntlet_reports, oauth_gauntlet_scenarios, oauth_gauntlet_server):
        source = Path(str(package.__file__)).parent
        shutil.copytree(source, libraries / source.name, ignore=shutil.ignore_patterns("__pycache__"))
    installed = libraries / "oauth_gauntlet-0.dist-info"
    installed.mkdir()
    for name in ("METADATA", "entry_points.txt"):
        (installed / name).write_text(distribution("oauth-gauntlet").read_text(name))
    needed = ["pytest", "joserfc", "pytest-xdist", *(f"pytest-{name}" for name in PLUGINS)]
    folders = dict.fromkeys(str(distribution(name).locate_file("")) for name in needed)
    (libraries / "dependencies.pth").write_text("\n".join([*folders, ""]))
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    (tmp_path / "check_mine.py").write_text(MINE)
    return tmp_path


def judged(project, *arguments):
    options = ["--oauth-client", "py:oauth_gauntlet.reference:make_client", "--oauth-results", "results.jsonl"]
    done = subprocess.run(
        [project / ".venv/bin/python", "-m", "pytest", *options, *arguments],
        cwd=project,
        env={key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "COVERAGE_", "PYTHONPATH"))},
        capture_output=True,
        text=True,
        timeout=6000,
        check=False,
    )
    assert (project / "results.jsonl").exists(), done.stdout + done.stderr
    lines = [json.loads(line) for line in (project / "results.jsonl").read_text().splitlines()]
    assert lines[-1]["type"] == "footer", done.stdout + done.stderr
    assert lines[-1]["complete"], done.stdout + done.stderr
    return done, {line["scenario"]: line["verdict"] for line in lines if line["type"] == "result"}


@pytest.mark.parametrize("workers", ["0", "2"])
def test_fixtures_settings_and_plugins_of_a_project_have_no_part_in_a_verdict(project, workers):
    more = [option for options in PLUGINS.values() for option in options]
    where = ["--pyargs", "oauth_gauntlet_scenarios", "check_mine.py"]
    done, verdicts = judged(project, *more, "-n", workers, *where, "-k", "sanity or mine or check_ordinary")
    assert verdicts.pop("mine.breach[password]") == "violation", done.stdout
    assert set(verdicts.values()) == {"pass"}, done.stdout + done.stderr
    assert len([name for name in verdicts if name.startswith("sanity.")]) >= 8
    assert "mine.warns[password]" in verdicts
    for name in PLUGINS:
        assert f"{name}-" in done.stdout, done.stdout
