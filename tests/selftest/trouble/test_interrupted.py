"""Being told to end in mid-run: what is finished is kept, and reported as incomplete; exit code 3; nothing is left behind."""

import json
import os
import signal
import time

import pytest
from running import REFERENCE, client, is_incomplete, until

MANY = ["-k", "(auth or encoding) and client_credentials"]


@pytest.mark.parametrize(
    ("number", "whom"),
    [(signal.SIGINT, "group"), (signal.SIGINT, "parent"), (signal.SIGTERM, "parent"), (signal.SIGHUP, "group")],
    ids=["ctrl-c", "sigint", "sigterm", "terminal-closed"],
)
def test_the_finished_results_are_kept_and_told(start, tmp_path, number, whom):
    run = start(REFERENCE, *MANY, "--report", "json=report.json")
    run.after(3)
    if whom == "group":
        os.killpg(run.process.pid, number)
    else:
        run.process.send_signal(number)
    code, out, err, lines = run.ended()
    assert code == 3, out + err
    results = [line for line in lines if line["type"] == "result"]
    assert len(results) >= 3
    assert {line["verdict"] for line in results} == {"pass"}
    assert is_incomplete(lines)
    assert f"interrupted; {len(results)} of {lines[1]['total']} scenarios have a result" in err
    assert "the run is incomplete" in out
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["complete"], len(report["results"])) == (False, len(results))
    run.leaves_nothing()


def test_twice_ends_at_once_a_client_that_hangs_and_is_deaf(start):
    run = start(client("hangs"), "-k", "parse.minimal and client_credentials")
    until(lambda: run.look() and len(run.seen) >= 3, "the client")
    until(run.results.exists, "the results file")
    until(lambda: run.results.read_text().count("\n") >= 2, "the plan")
    run.process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    run.process.send_signal(signal.SIGINT)
    code, _, err, lines = run.ended()
    assert code == 3
    assert "interrupted; 0 of 1 scenarios have a result" in err
    assert is_incomplete(lines)
    run.leaves_nothing()


def test_scenarios_that_run_side_by_side_are_ended_too(start):
    run = start(client("hangs"), "-k", "(wire.slow or wire.silence) and client_credentials")
    until(lambda: run.look() and len(run.seen) >= 6, "the clients: one, and one for each of three scenarios")
    began = time.monotonic()
    run.process.send_signal(signal.SIGINT)
    code, _, err, lines = run.ended()
    lasted = time.monotonic() - began
    assert code == 3
    assert is_incomplete(lines)
    assert "interrupted; 0 of 3 scenarios have a result" in err
    assert lines[-1]["type"] == "footer", f"it had to be killed, after {lasted:.0f} s"
    run.leaves_nothing()


def test_before_anything_was_judged(start, tmp_path):
    run = start(client("starts-slowly", tmp_path / "started"))
    until((tmp_path / "started").exists, "the client")
    run.look()
    run.process.send_signal(signal.SIGTERM)
    code, _, err, lines = run.ended()
    assert (code, lines) == (3, [])
    assert "interrupted before anything was judged" in err
    run.leaves_nothing()


def test_workers_are_ended_too(start):
    run = start(REFERENCE, *MANY, "-n", "2")
    run.after(2)
    os.killpg(run.process.pid, signal.SIGINT)
    code, _, err, lines = run.ended()
    assert code == 3
    assert is_incomplete(lines)
    assert "interrupted; " in err
    run.leaves_nothing()
