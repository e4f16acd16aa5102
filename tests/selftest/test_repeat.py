"""`repeat.py` by itself: runs on a busy machine agree, and where they do not, it says so."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from repeat import differences  # noqa: E402


def repeat(*options, **more):
    command = [sys.executable, str(HERE / "repeat.py"), "--times", "2", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=280, check=False, **more)


def test_two_runs_with_all_cores_busy_give_the_same_verdicts():
    done = repeat("-k", "(concurrency.single or concurrency.failure) and client_credentials")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 runs, the same " in done.stdout
    assert "pass" in done.stdout


def test_what_differs_is_told():
    def results(**verdicts):
        return {name: {"verdict": verdict, "message": f"because of {verdict}"} for name, verdict in verdicts.items()}

    runs = [results(a="pass", b="pass"), results(a="pass", b="fail"), results(a="pass", b="pass"), results(a="pass")]
    assert differences(runs) == ["b: 2 pass, 1 fail, 1 missing; fail: because of fail"]
    assert differences(runs[:1] * 3) == []


def test_a_run_that_does_not_come_to_its_end_is_no_agreement():
    done = repeat("--idle", "--client", f"{sys.executable} -c 'raise SystemExit(9)'")
    assert done.returncode == 2
    assert "a run did not come to its end (exit code 3)" in done.stdout
