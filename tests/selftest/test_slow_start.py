"""A client that needs long to start has the verdicts of one that does not: time counts from what arrives at the server."""

import json
import sys

from tests.selftest.trouble.disturbed_run import ROOT, call

TIMED = "wire.silence or tls.handshake-stall or expiry.silence-recovers or expiry.early-silence or concurrency.timeout-frees"


def verdicts_of(folder, start_s, first_s):
    """Return the verdict of each scenario with a time limit, for the grant client_credentials."""
    results = folder / f"{start_s}.jsonl"
    spec = f"cmd: {sys.executable} -m tests.selftest.slow_start {start_s} {first_s}"
    options = ("--results", str(results), "--grant", "client_credentials", "-q")
    done = call("run", "--client", spec, "-k", TIMED, *options, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [json.loads(line) for line in results.read_text().splitlines()]
    return {line["scenario"]: line["verdict"] for line in lines if line["type"] == "result"}


def test_a_slow_start_changes_no_verdict(tmp_path):
    slow = verdicts_of(tmp_path, 5, 5)
    assert slow == verdicts_of(tmp_path, 0, 0)
    assert set(slow.values()) == {"pass"}
    assert len(slow) == 6
