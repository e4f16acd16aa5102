"""clients/judge.py, with made-up clients that real runs judge: what is ready is judged, whatever becomes of the others."""

import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from oauth_gauntlet.results.results import read_run_file
from oauth_gauntlet_reports.advice.peers import peers_from_json

FINDING = """\
[[finding]]
requirement = "{}"
does = "Nothing of the kind."
wire = "> nothing"
source = "practice"
nature = "documented"
upstream = "none found"
"""

# What no adapter says on time.
SILENT = "import time\ntime.sleep(600)\n"


@pytest.fixture
def judge(clients, tmp_path):
    def run(*arguments, wait=True):
        command = [
            sys.executable,
            clients.path / "judge.py",
            "--out",
            tmp_path / "out",
            "-k",
            "parse.access-token-missing",
            *arguments,
        ]
        if not wait:
            return subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
            )
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False)

    return run


def test_what_installs_is_judged_and_what_does_not_is_reported(clients, judge, tmp_path):
    clients.add("one/same", findings=FINDING.format("parse.access-token-missing"))
    clients.add("two/same")
    clients.add("two/broken", breaks=True)
    done = judge("-n", "2", "--publish", str(tmp_path / "published"))
    assert done.returncode == 0, done.stdout
    assert "two/broken: could not be set up: compiler is missing: install it\n" in done.stdout
    for name in ("one/same", "two/same"):
        assert f"\n{name}: judged in " in done.stdout or done.stdout.startswith(f"{name}: judged in ")
        assert read_run_file(tmp_path / "out" / f"{name}.jsonl").complete
    assert "1 could not be set up: two/broken\n" in done.stdout
    for folder, table in (("out", "matrix.md"), ("published", "README.md")):
        text = (tmp_path / folder / table).read_text()
        assert text.startswith("# 2 clients side by side")
        assert "Not judged, since they could not be set up: two/broken." in text
        assert "(matrix.html)" in text
        assert "Nothing of the kind." in (tmp_path / folder / "matrix.html").read_text()
        assert "Nothing of the kind." in (tmp_path / folder / "findings.md").read_text()
    # What is published can be repeated anywhere.
    spec = read_run_file(tmp_path / "out" / "one" / "same.jsonl").options["client"]
    assert spec == "cmd:clients/run.sh one/same"


def test_a_second_run_keeps_the_first_and_says_what_changed(clients, judge, tmp_path):
    folder = clients.add("one/client")
    assert judge().returncode == 0
    adapter = (folder / "adapter.py").read_text()
    assert adapter.count('document["access_token"], **document') == 1
    invented = '**{"access_token": "invented", **document}'
    (folder / "adapter.py").write_text(adapter.replace('document["access_token"], **document', f'"", {invented}'))
    done = judge("client")
    assert "; since the run before: 1 new or graver\n" in done.stdout, done.stdout
    assert read_run_file(tmp_path / "out" / "before" / "one" / "client.jsonl").complete


def test_a_client_that_takes_too_long_is_ended_and_stops_no_other(clients, judge, tmp_path):
    clients.add("one/silent", adapter=SILENT)
    done = judge("--limit", "2")
    assert done.returncode == 3
    assert "one/silent: took more than 2 s, and was ended\n" in done.stdout
    assert "1 could not be judged to the end: one/silent\n" in done.stdout


def test_adapters_are_checked_first_where_that_is_asked_for(clients, judge):
    clients.add("one/broken", adapter="print('hello')\n")
    done = judge("--check")
    assert re.search(r"^one/broken: adapter check: .*problem", done.stdout, re.MULTILINE), done.stdout
    assert done.returncode == 3


def test_an_entry_that_no_run_bears_out_is_exit_code_1(clients, judge):
    clients.add("one/client", findings=FINDING.format("parse.access-token-missing"))
    clients.add("one/other", findings=FINDING.format("sanity.first"))
    done = judge("-k", "sanity.first")
    assert done.returncode == 1, done.stdout
    assert "findings.toml has an entry sanity.first, and the run finds no fault with it any more" in done.stdout
    assert "an entry parse" not in done.stdout


def test_a_name_that_means_nothing_is_refused_before_anything_is_judged(clients, judge):
    clients.add("one/client")
    done = judge("nobody")
    assert (done.returncode, done.stdout) == (1, "client nobody: there is no such client; clients/setup.sh --list names them\n")


def test_findings_that_are_wrong_are_one_sentence(clients, judge):
    clients.add("one/client", findings="[[finding]]\n")
    done = judge("--only-render")
    assert done.returncode == 0
    assert judge().stdout.splitlines()[-1].startswith("judge.py: ")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_judge_leaves_no_run_behind(clients, judge, tmp_path, number):
    pid_file = tmp_path / "pid"
    clients.add(
        "one/silent", adapter=f"import os, pathlib\npathlib.Path({str(pid_file)!r}).write_text(str(os.getpid()))\n{SILENT}"
    )
    process = judge(wait=False)
    until = time.monotonic() + 240
    while not (pid_file.exists() and pid_file.read_text()) and time.monotonic() < until:
        time.sleep(0.1)
    process.send_signal(number)
    told, _ = process.communicate(timeout=120)
    assert "interrupted; what was judged is kept" in told
    assert "Traceback" not in told
    until = time.monotonic() + 60
    while _lives(int(pid_file.read_text())) and time.monotonic() < until:
        time.sleep(0.1)
    assert not _lives(int(pid_file.read_text()))


def _lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_verdicts_to_publish_are_of_whole_runs(clients, judge, tmp_path):
    clients.add("one/client")
    done = judge("--peers", str(tmp_path / "peers.json"))
    assert done.returncode == 1
    assert re.search(r"judge\.py: --peers \S+peers\.json: the run of .* is of a selection", done.stdout), done.stdout
    assert not (tmp_path / "peers.json").exists()
    spec = importlib.util.spec_from_file_location("judge", clients.path / "judge.py")
    module = sys.modules["judge"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    whole = replace(read_run_file(tmp_path / "out" / "one" / "client.jsonl"), options={})
    assert module.write_peers([whole], tmp_path / "peers.json") == 1
    found = peers_from_json(json.loads((tmp_path / "peers.json").read_text()))
    assert (found.passed | found.failed)["parse.access-token-missing"] == found.clients


def test_what_is_published_does_not_tell_where_it_was_made(clients, judge, tmp_path):
    folder = clients.add("one/client")
    adapter = (folder / "adapter.py").read_text()
    (folder / "adapter.py").write_text(adapter.replace('"version": "1"', '"version": __file__'))
    assert judge("--publish", str(tmp_path / "published")).returncode == 0
    for name in ("README.md", "matrix.html", "findings.md"):
        text = (tmp_path / "published" / name).read_text()
        assert str(tmp_path) not in text
        assert "clients/one/client/adapter.py" in text
