"""Standard output that nobody reads, that is full, or that is closed: a sentence, exit code 3, and no verdict is made of it."""

import subprocess
from pathlib import Path

import pytest
from running import REFERENCE, call, command

LOST = "oauth-gauntlet: standard output cannot be written: "


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The results of a run in which nothing went wrong."""
    folder = tmp_path_factory.mktemp("finished")
    done = call("run", "--client", REFERENCE, "-k", "parse.minimal", "--results", "r.jsonl", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def unread(*arguments, cwd):
    """Run a command whose output nobody reads: what was to do so has ended already."""
    gone = subprocess.Popen(["true"], stdin=subprocess.PIPE)
    gone.wait()
    with gone.stdin as pipe:
        return call(*arguments, cwd=cwd, stdout=pipe)


def test_a_reader_that_has_seen_enough_of_a_run(tmp_path):
    line = " ".join(
        f"'{part}'" for part in command("run", "--client", REFERENCE, "-k", "parse.minimal", "--results", "r.jsonl")
    )
    shell = ["bash", "-c", f"set -o pipefail; {line} --report json=r.json | head -1"]
    done = subprocess.run(shell, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in {0, 3}  # 0: the pipe held it all before head had gone
    assert done.stderr in {"", f"{LOST}Broken pipe\n"}
    assert '"complete": true' in (tmp_path / "r.json").read_text()
    assert call("gate", "r.jsonl", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    "arguments", [["gate", "r.jsonl"], ["report", "r.jsonl", "--report", "html=-"]], ids=["gate", "report"]
)
def test_nobody_reads(finished, arguments):
    done = unread(*arguments, cwd=finished)
    assert (done.returncode, done.stderr) == (3, f"{LOST}Broken pipe\n")


def test_nobody_reads_a_run_and_its_results_and_reports_are_whole(tmp_path):
    options = ["--results", "r.jsonl", "--report", "json=-", "--report", "json=r.json"]
    done = unread("run", "--client", REFERENCE, "-k", "parse.minimal", *options, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (3, f"{LOST}Broken pipe\n")
    assert '"complete": true' in (tmp_path / "r.json").read_text()
    assert call("gate", "r.jsonl", cwd=tmp_path).returncode == 0


def test_nobody_reads_standard_error_either(finished):
    gone = subprocess.Popen(["true"], stdin=subprocess.PIPE)
    gone.wait()
    with gone.stdin as pipe:
        for arguments in (["gate", "r.jsonl"], ["gate", "missing.jsonl"], ["gate"]):
            done = call(*arguments, cwd=finished, stdout=pipe, stderr=pipe)
            assert done.returncode == (3 if arguments[-1] == "r.jsonl" else 2), arguments


@pytest.mark.parametrize("arguments", [["list"], ["faults"], ["run", "--help"]], ids=" ".join)
def test_what_is_only_looked_up_ends_in_silence(tmp_path, arguments):
    done = unread(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (3, "")


@pytest.mark.parametrize(
    "arguments",
    [["gate", "r.jsonl"], ["report", "r.jsonl", "--report", "json=-"], ["faults"], ["list"]],
    ids=lambda each: each[0],
)
def test_there_is_no_room(finished, arguments):
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
def test_it_is_closed(finished, arguments, code, words):
    line = f"{' '.join(command())} {arguments} >&-"
    done = subprocess.run(["bash", "-c", line], cwd=finished, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr.removeprefix("oauth-gauntlet: ").rstrip()) == (code, words)


def test_all_streams_are_closed(tmp_path):
    line = f"{' '.join(command())} run --client {REFERENCE} -k parse.minimal --results r.jsonl <&- >&- 2>&-"
    assert subprocess.run(["bash", "-c", line], cwd=tmp_path, timeout=120, check=False).returncode == 0
    assert call("gate", "r.jsonl", cwd=tmp_path).returncode == 0
