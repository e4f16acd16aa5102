"""The machine fails while the reference client runs: too few descriptors, no free port, a clock that jumps, a pause."""

import os
import resource
import shutil
import subprocess
import sys

import pytest

from oauth_gauntlet.adapters.process_clock import MISSING_LIBRARY, faketime_library
from tests.selftest.trouble.disturbed_run import PATIENCE_S, REFERENCE, call, command, lines_of


def verdicts_of(lines):
    return {line["scenario"]: line["verdict"] for line in lines if line["type"] == "result"}


@pytest.mark.parametrize("hard", [24, 4096])
def test_without_descriptors_no_scenario_runs_and_a_soft_limit_is_raised(tmp_path, hard):
    """Concurrent callers need more descriptors than the 24 of the soft limit."""

    def few():
        resource.setrlimit(resource.RLIMIT_NOFILE, (24, hard))

    options = ["-k", "(concurrency or sanity) and password", "--results", "r.jsonl"]
    done = call("run", "--client", REFERENCE, *options, cwd=tmp_path, preexec_fn=few)
    verdicts = verdicts_of(lines_of(tmp_path / "r.jsonl"))
    assert "Traceback" not in done.stderr
    if hard == 24:
        assert (done.returncode, verdicts) == (3, {})
        assert "the mock server does not start: this process may have 24 files and connections open at once" in done.stderr
    else:
        assert done.returncode == 0, done.stdout + done.stderr
        assert len(verdicts) > 10
        assert set(verdicts.values()) == {"pass"}


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


def test_without_a_free_port_no_scenario_runs(tmp_path):
    unshare = [*("unshare", "--net", "--map-root-user"), sys.executable, "-c", NO_PORTS]
    if shutil.which("unshare") is None or subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip(
            "needs network namespaces (unshare); tests/harness/judging/test_bench.py tests the same with a bind that fails"
        )
    scenario = command("run", "--client", REFERENCE, "-k", "parse.minimal", "--results", "r.jsonl")
    done = subprocess.run([*unshare, *scenario], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 3, done.stdout
    assert "the mock server does not start: cannot listen on 127.0.0.1 port 0: Address already in use" in done.stderr
    assert "Traceback" not in done.stderr
    assert [line["type"] for line in lines_of(tmp_path / "r.jsonl")] == ["trouble"]


JUMPING = '''
import os, select, time
from pathlib import Path
from oauth_gauntlet.requirement import MUST, PASSWORD, requirement, rule

@requirement("mine.NAME", level=MUST, basis=rule("Mine 1", "So."), statement="It passes.", grants=[PASSWORD])
def test_NAME(client):
    """Do: get a token, make the machine's clock jump, get another token."""
    client.get_token()
    before, offset = time.time(), Path(os.environ["FAKETIME_TIMESTAMP_FILE"])
    new = offset.with_suffix(".new")
    new.write_text("OFFSET")
    new.replace(offset)
    until = time.monotonic() + 60
    while abs(time.time() - before) < 1800 and time.monotonic() < until:
        select.select([], [], [], 0.01)  # libfaketime gets an absolute sleep wrong
    client.get_token()
'''


@pytest.mark.skipif(faketime_library() is None, reason=MISSING_LIBRARY)
def test_a_clock_that_jumps_makes_only_the_current_scenario_an_error(tmp_path):
    """The machine's clock jumps an hour ahead and back during the run, for server, client and harness."""
    results, offset = tmp_path / "r.jsonl", tmp_path / "offset"
    offset.write_text("+0\n")
    for name, there in (("ahead", "+3600"), ("back", "+0")):
        (tmp_path / f"test_{name}.py").write_text(JUMPING.replace("NAME", name).replace("OFFSET", f"{there}\\n"))
    environment = {
        **os.environ,
        "LD_PRELOAD": str(faketime_library()),
        "FAKETIME_TIMESTAMP_FILE": str(offset),
        # With 0, one thread reads the file once a second. Several threads that read it at once get a part of its content.
        "FAKETIME_CACHE_DURATION": "0",
        "DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    # In-process: libfaketime breaks the sleep with which Python waits for a child process to end.
    options = ["-q", "-p", "no:cacheprovider", "--rootdir=.", "--oauth-in-process", "--oauth-client", REFERENCE]
    scenarios = "expiry.skew or expiry.jump or expiry.missing or expiry.not-before or expiry.clock-back"
    done = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "pytest",
                *options,
                "--oauth-results",
                results,
                "-k",
                f"(mine or {scenarios}) and password",
            ),
            *("test_ahead.py", "--pyargs", "oauth_gauntlet_scenarios", "test_back.py"),
        ],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    lines = lines_of(results)
    verdicts = verdicts_of(lines)
    assert lines[-1]["complete"], done.stdout
    ahead, back = "mine.ahead[password]", "mine.back[password]"
    order = list(verdicts)
    assert (order[0], order[-1]) == (ahead, back), done.stdout
    assert {name for name, verdict in verdicts.items() if verdict == "error"} == {ahead, back}, done.stdout
    assert {verdict for name, verdict in verdicts.items() if name not in (ahead, back)} == {"pass"}, done.stdout
    assert len(verdicts) > 10
    messages = {line["scenario"]: line["message"] for line in lines if line["type"] == "result"}
    for name, jump in ((ahead, "+3600.0"), (back, "-3600.0")):
        assert messages[name] == f"the machine's clock jumped by {jump} s; run it again (otherwise the verdict would be: pass)"


PAUSED = '''
import os, signal, subprocess, sys, time
from oauth_gauntlet.checks import require
from oauth_gauntlet.requirement import MUST, PASSWORD, requirement, rule

def pause():
    code = f"import os, signal, time; time.sleep(2.8); os.kill({os.getpid()}, signal.SIGCONT)"
    with subprocess.Popen([sys.executable, "-c", code]):
        os.kill(os.getpid(), signal.SIGSTOP)

@requirement("mine.fail", level=MUST, basis=rule("Mine 1", "So."), statement="It fails.", grants=[PASSWORD],
             variants={"still": 1, "busy": 0})
def test_fail(client, variant):
    """Do: pause the process, or keep it busy for as long. Check: something impossible."""
    if variant.value:
        pause()
    else:
        until = time.monotonic() + 2.8
        while time.monotonic() < until:
            sum(range(1000))
    require(False, expected="the impossible", seen="the possible")

@requirement("mine.pass", level=MUST, basis=rule("Mine 1", "So."), statement="It passes.", grants=[PASSWORD])
def test_pass(client):
    """Do: pause the process, then get a token."""
    pause()
    client.get_token()
'''


def test_a_pause_turns_a_failure_into_an_error_but_not_a_pass(tmp_path):
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
        "mine.fail.busy[password]": "violation",
        "mine.pass[password]": "pass",
    }, done.stdout
    (doubtful,) = [line["message"] for line in lines if line.get("verdict") == "error"]
    assert doubtful.startswith("the machine stood still for ")
