"""A run that stops at its first failures: what it prints, what it keeps, and what the gate makes of it."""

import json
import os
import subprocess
import sys

import pytest

from oauth_gauntlet.cli import main
from oauth_gauntlet.results.stream import read_run_file

pytestmark = pytest.mark.slow

CLIENT = """
from oauth_gauntlet.reference import ReferenceClient
from oauth_gauntlet.reference.errors import protocol_error

class Fails(ReferenceClient):
    def get_token(self):
        raise protocol_error("it never gets a token")
"""


@pytest.fixture
def run(tmp_path):
    (tmp_path / "client.py").write_text(CLIENT)

    def call(*arguments):
        return subprocess.run(
            [
                *(sys.executable, "-m", "oauth_gauntlet", "run", "--client", "py:client:Fails", "-k", "sanity or parse"),
                *("--results", "results.jsonl", "--report", "json=results.json", *arguments),
            ],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    return call


@pytest.mark.parametrize(
    ("arguments", "least", "words"),
    [
        (["-x"], 1, "stopped after 1 failure (-x)"),
        (["--max-failures", "2", "-n", "2"], 2, "stopped after 2 failures (--max-failures 2)"),
    ],
)
def test_the_run_stops_and_says_so(arguments, least, words, run, tmp_path, monkeypatch, capsys):
    done = run(*arguments)
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith(f"oauth-gauntlet: {words}; ")
    assert f"the run is incomplete: not every planned scenario has a result ({words})" in " ".join(done.stdout.split())
    monkeypatch.chdir(tmp_path)
    stream = read_run_file(tmp_path / "results.jsonl")
    assert (stream.stopped, stream.complete) == (words, False)
    assert least <= len(stream.results) < stream.planned
    assert json.loads((tmp_path / "results.json").read_text())["stopped"] == words
    for file in ("results.jsonl", "results.json"):
        assert main(["gate", file]) == 1
        assert words in " ".join(capsys.readouterr().out.split())
    assert main(["gate", "results.jsonl", "--update"]) == 2


def test_failures_that_the_baseline_knows_stop_nothing(run, tmp_path):
    (tmp_path / "oauth-gauntlet.expect.toml").write_text(
        "".join(
            f'[[expect]]\nscenario = "{name}"\nverdict = "{verdict}"\nreason = "known"\n'
            for name, verdict in (("sanity.first", "violation"), ("sanity.last", "consequence"))
        )
    )
    done = run("-x", "-k", "sanity")
    assert "stopped" not in done.stderr + done.stdout
    assert read_run_file(tmp_path / "results.jsonl").complete
