"""An interrupted run keeps its finished results, reports itself as incomplete, exits with 3, and leaves nothing behind."""

import json
import os
import signal
import time

import pytest

from tests.selftest.trouble.disturbed_run import REFERENCE, client, is_incomplete, until

MANY = ["-k", "(auth or encoding) and client_credentials"]


@pytest.mark.parametrize(
    ("number", "target"),
    [(signal.SIGINT, "group"), (signal.SIGINT, "parent"), (signal.SIGTERM, "parent"), (signal.SIGHUP, "group")],
    ids=["ctrl-c", "sigint", "sigterm", "terminal-closed"],
)
def test_the_finished_results_are_kept_and_reported(start, tmp_path, number, target):
    run = start(REFERENCE, *MANY, "--report", "json=report.json")
    run.after(3)
    if target == "group":
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


def test_a_second_signal_stops_a_client_that_hangs_and_ignores_signals(start):
    run = start(client("hangs"), "-k", "parse.minimal and client_credentials")
    until(lambda: run.look() and len(run.seen) >= 3, "the client")
    until(run.results.exists, "the results file")
    until(lambda: run.results.read_text().count("\n") >= 2, "the plan")
    run.process.send_signal(signal.SIGINT)
    time.sleep(0.2)  # if the process sees both signals as one, it stops too, only later
    run.process.send_signal(signal.SIGINT)
    code, _, err, lines = run.ended()
    assert code == 3
    assert "interrupted; 0 of 1 scenarios have a result" in err
    assert is_incomplete(lines)
    run.leaves_nothing()


def test_scenarios_that_run_next_to_each_other_are_stopped_too(start):
    run = start(client("hangs"), "-k", "(wire.slow or wire.silence) and client_credentials")
    until(lambda: run.look() and len(run.seen) >= 6, "the clients: the first one, and one for each of three scenarios")
    run.process.send_signal(signal.SIGINT)
    code, _, err, lines = run.ended()
    assert code == 3
    assert is_incomplete(lines)
    assert "interrupted; 0 of 3 scenarios have a result" in err
    assert lines[-1]["type"] == "footer", "the judging process was killed"
    run.leaves_nothing()


def test_an_interrupt_before_the_first_scenario(start, tmp_path):
    run = start(client("starts-slowly", tmp_path / "started"))
    until((tmp_path / "started").exists, "the client")
    run.look()
    run.process.send_signal(signal.SIGTERM)
    code, _, err, lines = run.ended()
    assert (code, lines) == (3, [])
    assert "interrupted before anything was judged" in err
    run.leaves_nothing()


def test_workers_are_stopped_too(start):
    run = start(REFERENCE, *MANY, "-n", "2")
    run.after(2)
    os.killpg(run.process.pid, signal.SIGINT)
    code, _, err, lines = run.ended()
    assert code == 3
    assert is_incomplete(lines)
    assert "interrupted; " in err
    run.leaves_nothing()
