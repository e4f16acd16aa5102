"""`repeat` compares the verdicts of several runs on a busy machine, and reports differences and unfinished runs."""

import subprocess
import sys
from pathlib import Path

from tests.selftest.repeat import differences

ROOT = Path(__file__).parents[2]


def repeat(*options):
    command = [sys.executable, "-m", "tests.selftest.repeat", "--times", "2", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)


def test_two_runs_with_all_cores_busy_have_the_same_verdicts():
    done = repeat("-k", "(concurrency.single or concurrency.failure) and client_credentials")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 runs, the same " in done.stdout
    assert "pass" in done.stdout


def test_verdicts_that_differ_are_listed():
    def results(**verdicts):
        return {name: {"verdict": verdict, "message": f"because of {verdict}"} for name, verdict in verdicts.items()}

    runs = [results(a="pass", b="pass"), results(a="pass", b="violation"), results(a="pass", b="pass"), results(a="pass")]
    assert differences(runs) == ["b: 2 pass, 1 violation, 1 missing; violation: because of violation"]
    assert differences(runs[:1] * 3) == []


def test_a_run_that_does_not_finish_is_not_compared():
    done = repeat("--idle", "--client", f"{sys.executable} -c 'raise SystemExit(9)'")
    assert done.returncode == 2
    assert "a run did not finish (exit code 3)" in done.stdout
