"""SIGKILL for each process of a run: the other processes report it, and clean up."""

import os
import signal

from tests.selftest.trouble.disturbed_run import REFERENCE, call, children, client, is_incomplete, until


def test_the_judging_process_is_killed_while_its_client_hangs(start):
    run = start(client("hangs"), "-k", "parse.minimal and client_credentials")
    until(lambda: run.look() and len(run.seen) >= 3, "the client")
    until(lambda: run.results.exists() and run.results.read_text().count("\n") >= 2, "the plan")
    os.kill(run.judging, signal.SIGKILL)
    code, out, err, lines = run.ended()
    assert code == 3
    assert "the scenarios ended early (signal SIGKILL); 0 of 1 scenarios have a result" in err
    assert "the run is incomplete" in out
    assert is_incomplete(lines)
    run.leaves_nothing()


def test_a_killed_worker_loses_only_its_current_scenario(start):
    run = start(REFERENCE, "-k", "(parse.minimal or auth.none) and password", "-n", "2")
    run.after(1)
    os.kill(children(run.judging)[0], signal.SIGKILL)
    code, out, err, lines = run.ended()
    results = [line for line in lines if line["type"] == "result"]
    lost = lines[1]["total"] - len(results)
    assert lost in {0, 1}, "a worker that has sent its last result loses nothing"
    assert {line["verdict"] for line in results} == {"pass"}
    assert (code, is_incomplete(lines)) == ((3, True) if lost else (0, False)), out
    assert "crashed while running" in err or not lost
    run.leaves_nothing()


def test_the_run_itself_is_killed(start, tmp_path):
    run = start(REFERENCE, "-k", "(auth or encoding) and client_credentials")
    run.after(3)
    run.process.kill()
    assert run.process.wait() == -signal.SIGKILL
    run.leaves_nothing()
    lines = run.found()
    assert len(lines) >= 3
    gate = call("gate", run.results, cwd=tmp_path)
    assert (gate.returncode, gate.stderr) == (3, "")
    assert "the run is incomplete" in gate.stdout
    run.process.communicate()


def test_a_killed_client_loses_only_its_current_scenario(start, tmp_path):
    run = start(client("is-killed", tmp_path / "count"), "-k", "(request.no or auth.post) and client_credentials")
    code, out, err, lines = run.ended()
    verdicts = [line["verdict"] for line in lines if line["type"] == "result"]
    assert (code, lines[-1]["complete"]) == (3, True), out + err
    assert verdicts.count("error") == 1
    assert verdicts.count("pass") >= 2
    (broken,) = [line for line in lines if line.get("verdict") == "error"]
    assert "the adapter ended (signal SIGKILL) during get_token" in broken["message"]
    run.leaves_nothing()
