"""On a full disk, the results written so far are kept as an incomplete run, and no file is left half-written.

The tests limit the size of files (RLIMIT_FSIZE) instead of filling a disk: that needs no root, and fails in the same places.
"""

import os
import resource
import subprocess
import sys

from tests.selftest.trouble.disturbed_run import REFERENCE, call, is_incomplete, lines_of

BASELINE = """\
# The comment stays when the entry below is removed: the new file is not empty.

[[expect]]
scenario = "parse.minimal[password]"
verdict = "violation"
reason = "a reason that took an afternoon to write"
"""


def files_of(octets):
    """Return a function that limits the files of its process to this many octets."""

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (octets, octets))

    return limit


def test_the_results_written_so_far_are_kept(start, tmp_path):
    run = start(REFERENCE, "-k", "auth and client_credentials", preexec_fn=files_of(30_000))
    code, out, err, lines = run.ended()
    results = [line for line in lines if line["type"] == "result"]
    assert code == 3
    assert len(results) >= 3
    assert is_incomplete(lines)
    assert (
        f"{run.results}: cannot be written: File too large; the run was ended, and the file contains its first {len(results)} "
        in err
    )
    assert "the run is incomplete" in out
    assert run.results.stat().st_size == 30_000
    gate = call("gate", run.results, cwd=tmp_path)
    assert (gate.returncode, "the run is incomplete" in gate.stdout) == (3, True)
    run.leaves_nothing()


def test_a_file_without_room_for_the_header(tmp_path):
    done = call("run", "--client", REFERENCE, "-k", "parse.minimal", "--results", "/dev/full", cwd=tmp_path)
    assert done.returncode == 3
    assert "--results /dev/full: cannot be written: No space left on device; the run was ended" in done.stderr
    assert "Traceback" not in done.stderr
    assert "no failure" not in done.stdout


def test_a_report_without_room_keeps_the_verdict_and_the_old_report(tmp_path):
    (tmp_path / "old.json").write_text("old")
    options = ["-k", "parse.minimal", "--report", "json=old.json", "--report", "badge=badge.svg"]
    done = call("run", "--client", REFERENCE, *options, cwd=tmp_path, preexec_fn=files_of(2_000))
    assert done.returncode == 3
    assert done.stderr == "oauth-gauntlet: report json=old.json: cannot be written: File too large\n"
    assert "no failure" in done.stdout
    assert {path.name: path.read_text()[:4] for path in tmp_path.iterdir()} == {"old.json": "old", "badge.svg": "<svg"}


def test_a_baseline_without_room_is_unchanged(tmp_path):
    baseline = tmp_path / "oauth-gauntlet.expect.toml"
    baseline.write_text(BASELINE)
    baseline.chmod(0o640)
    call("run", "--client", REFERENCE, "-k", "parse.minimal", "--results", "r.jsonl", cwd=tmp_path)
    done = call("gate", "r.jsonl", "--update", "--expect", baseline, cwd=tmp_path, preexec_fn=files_of(10))
    assert (done.returncode, done.stderr) == (
        3,
        f"oauth-gauntlet: {baseline}: the baseline: cannot be written: File too large\n",
    )
    assert baseline.read_text() == BASELINE
    assert sorted(path.name for path in tmp_path.iterdir()) == [baseline.name, "r.jsonl"]
    assert call("gate", "r.jsonl", "--update", "--expect", baseline, cwd=tmp_path).returncode == 0
    assert baseline.stat().st_mode & 0o777 == 0o640


def test_plain_pytest_stops_too(tmp_path):
    options = [
        "-q",
        "-p",
        "no:cacheprovider",
        "--oauth-client",
        REFERENCE,
        "--oauth-results",
        "/dev/full",
        "-k",
        "parse.minimal",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--pyargs", "oauth_gauntlet_scenarios", *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "COLUMNS": "200"},
    )
    assert done.returncode == 3, done.stdout
    assert "the results cannot be written any more: No space left on device" in done.stdout + done.stderr
    assert "INTERNALERROR" not in done.stdout + done.stderr
    assert "no failure" not in done.stdout
    assert lines_of(tmp_path / "full") == []
