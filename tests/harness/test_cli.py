"""The command line in a separate process: exit codes, error messages, the files that it writes."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def call(*arguments, cwd, **more):
    return subprocess.run(
        [sys.executable, "-m", "oauth_gauntlet", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        **more,
    )


REFERENCE = "py:oauth_gauntlet.reference:make_client"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "--client", "py:no_such_module:make"], "no module named 'no_such_module'"),
        (["run", "--client", "py:oauth_gauntlet.reference:make_clinet"], "did you mean make_client"),
        (["run", "--client", "py:oauth_gauntlet.reference"], "expected py:package.module:factory"),
        (["run", "--client", "py:builtins:dict"], "not an oauth_gauntlet.adapter.ClientAdapter"),
        (["run", "--client", "no-such-command --x"], "'no-such-command' was not found"),
        (["run", "--client", ""], "empty"),
        (["run", "--client", REFERENCE, "--grant", "implicit"], "unknown grant 'implicit'"),
        (
            ["run", "--client", REFERENCE, "--profile", "scim-conector"],
            "unknown profile 'scim-conector', did you mean scim-connector?",
        ),
        (["run", "--client", REFERENCE, "--level", "must", "-k", "connector.token-url"], "add --profile scim-connector"),
        (["run", "--client", REFERENCE, "--expect", "missing.toml"], "missing.toml"),
        (["run", "--client", REFERENCE, "--report", "pdf=x"], "there are json, junit"),
        (["run", "--client", REFERENCE, "-k", "parse.expires-in-strin_"], "parse.expires-in-string"),
        (["run", "--client", REFERENCE, "-k", "parse minimal"], "Wrong expression passed to '-k': parse minimal"),
        (["explain", "parse.minimla"], "parse.minimal"),
        (["gate", "missing.jsonl"], "missing.jsonl"),
        (["report", "missing.jsonl", "--report", "json=-"], "missing.jsonl"),
        (["adapter", "check", "py:"], "expected py:package.module:factory"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(arguments, words, tmp_path):
    done = call(*arguments, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_an_adapter_that_does_not_start_is_exit_code_3(tmp_path):
    done = call("run", "--client", f"{sys.executable} -c 'raise SystemExit(9)'", cwd=tmp_path)
    assert done.returncode == 3
    assert (done.stdout + done.stderr).count("before it answered hello") == 1
    assert "Traceback" not in done.stderr


def test_a_run_writes_only_the_requested_files(tmp_path):
    arguments = ["-k", "parse.minimal", "--report", "json=r.json", "--report", "junit=r.xml", "--results", "r.jsonl"]
    done = call("run", "--client", REFERENCE, *arguments, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.json", "r.jsonl", "r.xml"]
    document = json.loads((tmp_path / "r.json").read_text())
    assert document["complete"]
    assert document["summary"]["pass"] == 4
    gate = call("gate", "r.jsonl", cwd=tmp_path)
    assert (gate.returncode, "no failure" in gate.stdout) == (0, True)
    again = call("report", "r.jsonl", "--report", "json=-", cwd=tmp_path)
    assert json.loads(again.stdout) == document


def test_two_workers_give_the_same_verdicts(tmp_path):
    for name, workers in (("one", "0"), ("two", "2")):
        done = call("run", "--client", REFERENCE, "-k", "scope", "-n", workers, "--results", f"{name}.jsonl", cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr

    def verdicts(name):
        lines = [json.loads(line) for line in (tmp_path / f"{name}.jsonl").read_text().splitlines()]
        return {line["scenario"]: line["verdict"] for line in lines if line["type"] == "result"}

    assert verdicts("one") == verdicts("two") != {}


def test_a_keyword_matches_only_ids(tmp_path):
    call("run", "--client", REFERENCE, "-k", "auth and client", "--results", "r.jsonl", cwd=tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text().splitlines()]
    found = {line["scenario"] for line in lines if line["type"] == "result"}
    assert found
    assert all("auth" in name and "client" in name for name in found)


def test_nothing_tested_is_exit_code_4(tmp_path):
    done = call("run", "--client", REFERENCE, "-k", "parse.minimal and scope", cwd=tmp_path)
    assert done.returncode == 4


def test_a_busy_port_is_one_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = call("serve", "--port", str(taken.getsockname()[1]), cwd=tmp_path)
    assert done.returncode == 2
    assert "choose another port" in done.stderr


@pytest.mark.parametrize("options", [[], ["--tls"]], ids=["http", "https"])
def test_every_command_that_serve_prints_works(options):
    process = subprocess.Popen(
        [sys.executable, "-m", "oauth_gauntlet", "serve", "--port", "0", "--examples", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    with process:
        commands, printed = [], []
        deadline = time.monotonic() + 300
        for line in process.stdout:
            printed.append(line)
            if line.startswith("curl "):
                commands.append(line)
            if "Ctrl-C" in line or time.monotonic() > deadline:
                break
        answers = [json.loads(subprocess.run(["bash", "-c", c], capture_output=True, check=True).stdout) for c in commands]
        console = re.search(r"^  console +(https?://127\.0\.0\.1:\d+/_console)$", "".join(printed), re.MULTILINE)[1]
        page = subprocess.run(["curl", "-sSLk", console], capture_output=True, text=True, check=True).stdout
        assert "<title>Console · oauth-gauntlet</title>" in page
        process.send_signal(signal.SIGINT)
        assert process.wait(120) == 0
        process.stdout.read()
    # The first command is the one that is always printed; then one for each grant, and for each use of a token.
    assert ["access_token" in answer for answer in answers[:5]] == [True] * 5
    assert answers[5]["active"] is True
    assert answers[6]["method"] == "GET"
    assert answers[7]["error"] == "invalid_grant"
    authority = [Path(line.split()[1]) for line in printed if line.startswith("  authority")]
    assert len(authority) == len(options)
    for path in authority:
        assert all(f"--cacert {path} " in command and " https://" in command for command in commands)
        assert any(line.startswith("export ") and f"NODE_EXTRA_CA_CERTS={path}" in line for line in printed)
        assert not path.exists()
