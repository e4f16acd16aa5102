"""A machine in trouble while a client that is right in everything is judged: no descriptors, no ports, a clock that jumps."""

import os
import resource
import shutil
import subprocess
import sys

import pytest
from running import PATIENCE_S, REFERENCE, call, command, lines_of, until

from oauth_gauntlet.process_clock import MISSING_LIBRARY, faketime_library

RIGHT = {"pass", "error"}


def verdicts_of(lines):
    return {line["scenario"]: line["verdict"] for line in lines if line["type"] == "result"}


def test_without_descriptors_a_client_that_is_right_is_never_found_fault_with(tmp_path):
    """Many callers at once need more descriptors than there are; without a limit each of these scenarios passes."""

    def few():
        resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24))

    options = ["-k", "(concurrency or sanity) and password", "--results", "r.jsonl"]
    done = call("run", "--client", REFERENCE, *options, cwd=tmp_path, preexec_fn=few)
    verdicts = verdicts_of(lines_of(tmp_path / "r.jsonl"))
    assert done.returncode == 3, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert set(verdicts.values()) <= RIGHT, verdicts


NO_PORTS = """
import fcntl, os, socket, struct, subprocess, sys
open("/proc/sys/net/ipv4/ip_local_port_range", "w").write("40000 40000")
with socket.socket() as up:  # SIOCSIFFLAGS, IFF_UP | IFF_RUNNING: a new namespace has its loopback down
    fcntl.ioctl(up, 0x8914, struct.pack("16sh", b"lo", 0x41) + bytes(14))
taken = socket.socket()
taken.bind(("127.0.0.1", 0))
taken.listen()
sys.exit(subprocess.call(sys.argv[1:]))
"""


def test_without_a_free_port_nothing_is_judged(tmp_path):
    unshare = [*("unshare", "--net", "--map-root-user"), sys.executable, "-c", NO_PORTS]
    if shutil.which("unshare") is None or subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine gives no network namespace; tests/harness/test_bench.py has the same with a bind that fails")
    judge = command("run", "--client", REFERENCE, "-k", "parse.minimal", "--results", "r.jsonl")
    done = subprocess.run([*unshare, *judge], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 3, done.stdout
    assert "the mock server does not start: cannot listen on 127.0.0.1 port 0: Address already in use" in done.stderr
    assert "Traceback" not in done.stderr
    assert lines_of(tmp_path / "r.jsonl") == []


@pytest.mark.skipif(faketime_library() is None, reason=MISSING_LIBRARY)
def test_a_clock_that_jumps_makes_doubtful_what_was_going_on_and_nothing_else(tmp_path):
    """The machine's clock jumps an hour ahead, and back, in mid-run: for server, client and harness alike."""
    results, offset = tmp_path / "r.jsonl", tmp_path / "offset"
    offset.write_text("+0\n")
    environment = {
        **os.environ,
        "LD_PRELOAD": str(faketime_library()),
        "FAKETIME_TIMESTAMP_FILE": str(offset),
        "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    options = ["-q", "-p", "no:cacheprovider", "--oauth-client", REFERENCE, "--oauth-results", results]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "pytest", "--pyargs", "oauth_gauntlet_scenarios"),
            *options,
            "-k",
            "(expiry.skew or expiry.jump or expiry.missing or expiry.not-before or expiry.clock-back) and password",
        ],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        for number, jump in ((2, "+3600"), (6, "+0")):
            until(lambda count=number: process.poll() or len(verdicts_of(lines_of(results))) >= count, f"{number} results")
            new = offset.with_suffix(".new")
            new.write_text(f"{jump}\n")
            new.replace(offset)
        said = process.communicate(timeout=PATIENCE_S)[0]
    lines = lines_of(results)
    verdicts = verdicts_of(lines)
    assert lines[-1]["complete"], said
    assert set(verdicts.values()) == RIGHT, said
    doubtful = [line["message"] for line in lines if line.get("verdict") == "error"]
    assert len(doubtful) <= 4, doubtful
    assert all(each.startswith("the machine's clock jumped by ") for each in doubtful), doubtful
    assert all(each.endswith("run it again (it would have come to: pass)") for each in doubtful), doubtful


PAUSED = '''
import os, signal, subprocess, sys, time
from oauth_gauntlet.judge import require
from oauth_gauntlet.requirement import MUST, PASSWORD, requirement

def stand_still():
    code = f"import os, signal, time; time.sleep(2.8); os.kill({os.getpid()}, signal.SIGCONT)"
    with subprocess.Popen([sys.executable, "-c", code]):
        os.kill(os.getpid(), signal.SIGSTOP)

@requirement("mine.fail", level=MUST, source="mine", statement="It fails.", grants=[PASSWORD], variants={"still": 1, "busy": 0})
def test_fail(client, variant):
    """Do: stand still, or be busy for as long. Check: the impossible."""
    if variant.value:
        stand_still()
    else:
        until = time.monotonic() + 2.8
        while time.monotonic() < until:
            sum(range(1000))
    require(False, expected="the impossible", seen="the possible")

@requirement("mine.pass", level=MUST, source="mine", statement="It passes.", grants=[PASSWORD])
def test_pass(client):
    """Do: stand still."""
    stand_still()
    client.get_token()
'''


def test_a_pause_makes_doubtful_what_speaks_against_the_client(tmp_path):
    (tmp_path / "test_mine.py").write_text(PAUSED)
    options = ["--rootdir=.", "--oauth-client", REFERENCE, "--oauth-results", "r.jsonl"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    lines = lines_of(tmp_path / "r.jsonl")
    assert verdicts_of(lines) == {
        "mine.fail.still[password]": "error",
        "mine.fail.busy[password]": "fail",
        "mine.pass[password]": "pass",
    }, done.stdout
    (doubtful,) = [line["message"] for line in lines if line.get("verdict") == "error"]
    assert doubtful.startswith("the machine stood still for ")
