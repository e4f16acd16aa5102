"""clients/judge.py: real runs of invented clients."""

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

from oauth_gauntlet.results.stream import read_run_file
from oauth_gauntlet_reports.advice.peers import peers_from_json
from tests.child_signals import default_signals

FINDING = """\
[[finding]]
requirement = "{}"
does = "It does so."
wire = "> nothing"
source = "practice"
nature = "documented"
upstream = "none found"
"""

# An adapter that never answers.
SILENT = "import time\ntime.sleep(600)\n"


pytestmark = pytest.mark.slow


@pytest.fixture
def judge(clients, tmp_path):
    def run(*arguments, wait=True):
        command = [
            sys.executable,
            clients.path / "judge.py",
            "--out",
            tmp_path / "out",
            "--pages",
            tmp_path / "pages",
            "-k",
            "parse.access-token-missing",
            *arguments,
        ]
        if not wait:
            return subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
                preexec_fn=default_signals,
            )
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600, check=False)

    return run


def test_clients_that_install_are_judged_and_the_others_reported(clients, judge, tmp_path):
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
    for folder, table in (("pages", "matrix.md"), ("published", "README.md")):
        text = (tmp_path / folder / table).read_text()
        assert text.startswith("# 2 clients side by side")
        assert "Not judged, because they could not be set up: two/broken." in text
    assert "(matrix.html)" in (tmp_path / "pages" / "matrix.md").read_text()
    for page in ("matrix.html", "findings.md"):
        assert "It does so." in (tmp_path / "pages" / page).read_text()
    assert [path.name for path in (tmp_path / "published").iterdir()] == ["README.md"]
    # The recorded client does not depend on this machine.
    spec = read_run_file(tmp_path / "out" / "one" / "same.jsonl").options["client"]
    assert spec == "cmd:clients/run.sh one/same"


def test_a_second_run_keeps_the_first_and_prints_what_changed(clients, judge, tmp_path):
    folder = clients.add("one/client")
    assert judge().returncode == 0
    adapter = (folder / "adapter.py").read_text()
    taken = '"access_token": document["access_token"]'
    assert adapter.count(taken) == 1
    (folder / "adapter.py").write_text(adapter.replace(taken, '"access_token": document.get("access_token", "invented")'))
    done = judge("client")
    assert "; since the previous run: 1 new or worse\n" in done.stdout, done.stdout
    assert read_run_file(tmp_path / "out" / "before" / "one" / "client.jsonl").complete


def test_a_client_that_exceeds_the_time_limit_is_stopped(clients, judge, tmp_path):
    clients.add("one/silent", adapter=SILENT)
    done = judge("--limit", "2")
    assert done.returncode == 3
    assert "one/silent: took more than 2 s and was stopped\n" in done.stdout
    assert "1 could not be judged completely: one/silent\n" in done.stdout


def test_option_check_checks_the_adapters_first(clients, judge):
    clients.add("one/broken", adapter="print('hello')\n")
    done = judge("--check")
    assert re.search(r"^one/broken: adapter check: .*problem", done.stdout, re.MULTILINE), done.stdout
    assert done.returncode == 3


def test_a_stale_entry_of_findings_toml_is_exit_code_1(clients, judge):
    clients.add("one/client", findings=FINDING.format("parse.access-token-missing"))
    clients.add("one/other", findings=FINDING.format("sanity.first"))
    done = judge("-k", "sanity.first")
    assert done.returncode == 1, done.stdout
    messages = [line for line in done.stdout.splitlines() if "findings.toml" in line]
    assert any("sanity.first" in line for line in messages), done.stdout
    assert not [line for line in messages if "parse." in line]


def test_an_unknown_name_is_rejected_before_any_client_is_judged(clients, judge):
    clients.add("one/client")
    done = judge("nobody")
    assert (done.returncode, done.stdout) == (
        1,
        "client nobody: there is no such client; clients/setup.sh --list prints all names\n",
    )


def test_a_faulty_findings_toml_is_reported_in_one_line(clients, judge):
    clients.add("one/client", findings="[[finding]]\n")
    done = judge("--only-render")
    assert done.returncode == 0
    assert judge().stdout.splitlines()[-1].startswith("judge.py: ")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_no_run_is_left_after_an_interruption(clients, judge, tmp_path, number):
    pid_file = tmp_path / "pid"
    clients.add(
        "one/silent", adapter=f"import os, pathlib\npathlib.Path({str(pid_file)!r}).write_text(str(os.getpid()))\n{SILENT}"
    )
    process = judge(wait=False)
    until = time.monotonic() + 240
    while not (pid_file.exists() and pid_file.read_text()) and time.monotonic() < until:
        time.sleep(0.1)
    process.send_signal(number)
    output, _ = process.communicate(timeout=120)
    assert "interrupted; results of completed runs are kept" in output
    assert "Traceback" not in output
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


def test_peers_are_written_from_complete_runs_only(clients, judge, tmp_path):
    clients.add("one/client")
    done = judge("--peers", str(tmp_path / "peers.json"))
    assert done.returncode == 1
    assert re.search(r"judge\.py: --peers \S+peers\.json: the run of .* is of a selection", done.stdout), done.stdout
    assert not (tmp_path / "peers.json").exists()
    spec = importlib.util.spec_from_file_location("matrix_pages", clients.path / "matrix_pages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    whole = replace(read_run_file(tmp_path / "out" / "one" / "client.jsonl"), options={})
    module.write_peers([whole], tmp_path / "peers.json")
    found = peers_from_json(json.loads((tmp_path / "peers.json").read_text()))
    assert (found.passed | found.failed)["parse.access-token-missing"] == found.clients


def test_pages_contain_no_absolute_path_of_the_machine(clients, judge, tmp_path):
    folder = clients.add("one/client")
    adapter = (folder / "adapter.py").read_text()
    (folder / "adapter.py").write_text(adapter.replace('"version": "1"', '"version": __file__'))
    assert judge("--publish", str(tmp_path / "published")).returncode == 0
    for name in ("published/README.md", "pages/matrix.html", "pages/findings.md"):
        text = (tmp_path / name).read_text()
        assert str(tmp_path) not in text
        assert "clients/one/client/adapter.py" in text
