"""Standard output without a reader, full or closed gives one message and exit code 3, and changes no verdict."""

import subprocess
from pathlib import Path

import pytest

from tests.selftest.trouble.disturbed_run import REFERENCE, call, command

LOST = "oauth-gauntlet: standard output cannot be written: "


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A folder with the results of a run without trouble."""
    folder = tmp_path_factory.mktemp("finished")
    done = call("run", "--client", REFERENCE, "-k", "parse.minimal", "--results", "r.jsonl", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def unread(*arguments, cwd):
    """Run a command with a pipe as standard output whose reader has ended already."""
    gone = subprocess.Popen(["true"], stdin=subprocess.PIPE)
    gone.wait()
    with gone.stdin as pipe:
        return call(*arguments, cwd=cwd, stdout=pipe)


def test_the_reader_of_a_run_closes_the_pipe_early(tmp_path):
    line = " ".join(
        f"'{part}'" for part in command("run", "--client", REFERENCE, "-k", "parse.minimal", "--results", "r.jsonl")
    )
    shell = ["bash", "-c", f"set -o pipefail; {line} --report json=r.json | head -1"]
    done = subprocess.run(shell, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in {0, 3}  # 0: the pipe took all output before head ended
    assert done.stderr in {"", f"{LOST}Broken pipe\n"}
    assert '"complete": true' in (tmp_path / "r.json").read_text()
    assert call("gate", "r.jsonl", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    "arguments", [["gate", "r.jsonl"], ["report", "r.jsonl", "--report", "html=-"]], ids=["gate", "report"]
)
def test_without_a_reader(finished, arguments):
    done = unread(*arguments, cwd=finished)
    assert (done.returncode, done.stderr) == (3, f"{LOST}Broken pipe\n")


def test_a_run_without_a_reader_writes_complete_results_and_reports(tmp_path):
    options = ["--results", "r.jsonl", "--report", "json=-", "--report", "json=r.json"]
    done = unread("run", "--client", REFERENCE, "-k", "parse.minimal", *options, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (3, f"{LOST}Broken pipe\n")
    assert '"complete": true' in (tmp_path / "r.json").read_text()
    assert call("gate", "r.jsonl", cwd=tmp_path).returncode == 0


def test_without_a_reader_of_standard_output_and_standard_error(finished):
    gone = subprocess.Popen(["true"], stdin=subprocess.PIPE)
    gone.wait()
    with gone.stdin as pipe:
        for arguments in (["gate", "r.jsonl"], ["gate", "missing.jsonl"], ["gate"]):
            done = call(*arguments, cwd=finished, stdout=pipe, stderr=pipe)
            assert done.returncode == (3 if arguments[-1] == "r.jsonl" else 2), arguments


@pytest.mark.parametrize("arguments", [["list"], ["faults"], ["run", "--help"]], ids=" ".join)
def test_a_listing_without_a_reader_ends_without_a_message(tmp_path, arguments):
    done = unread(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (3, "")


@pytest.mark.parametrize(
    "arguments",
    [["gate", "r.jsonl"], ["report", "r.jsonl", "--report", "json=-"], ["faults"], ["list"]],
    ids=lambda each: each[0],
)
def test_standard_output_is_full(finished, arguments):
    with Path("/dev/full").open("w") as full:
        done = call(*arguments, cwd=finished, stdout=full)
    assert (done.returncode, done.stderr) == (3, f"{LOST}No space left on device\n")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ("report r.jsonl --report json=-", 2, "report json=-: there is no standard output; give the path of a file"),
        ("gate r.jsonl", 0, ""),
    ],
)
def test_standard_output_is_closed(finished, arguments, code, words):
    line = f"{' '.join(command())} {arguments} >&-"
    done = subprocess.run(["bash", "-c", line], cwd=finished, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr.removeprefix("oauth-gauntlet: ").rstrip()) == (code, words)


def test_all_streams_are_closed(tmp_path):
    line = f"{' '.join(command())} run --client {REFERENCE} -k parse.minimal --results r.jsonl <&- >&- 2>&-"
    assert subprocess.run(["bash", "-c", line], cwd=tmp_path, timeout=120, check=False).returncode == 0
    assert call("gate", "r.jsonl", cwd=tmp_path).returncode == 0
