"""A Python client in a process of its own: what it shares with its parent, and what it does not."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.adapters.client_spec import parse_spec
from oauth_gauntlet.adapters.process_clock import ProgramClock
from oauth_gauntlet.errors import AdapterEnded, AdapterError, AdapterTimeout, ClientFailure
from oauth_gauntlet.judging.bench import Bench
from oauth_gauntlet.protocol import Capability, ClientInfo, ErrorInfo, ErrorKind, GrantType, Hello, Token


class Behaving(ClientAdapter):
    """A client that does what its client_id says."""

    def __init__(self):
        self.config = {}

    def hello(self):
        return Hello(
            client=ClientInfo(name="behaving"),
            grants=frozenset({GrantType.PASSWORD}),
            capabilities=frozenset({Capability.PROCESS_CLOCK, Capability.PARALLEL}),
        )

    def configure(self, config):
        self.config = config

    def get_token(self):
        return getattr(self, self.config["client_id"])()

    def get_tokens(self, count, cancel=0):
        return [self.get_token(), *[ErrorInfo(kind=ErrorKind.TIMEOUT, message="slow")] * (count - 1)]

    def now(self):
        return time.time()

    def works(self):
        print("not an answer")
        os.write(1, b"not an answer either\n")
        return Token(access_token=os.environ.get("GAUNTLET_MARK", "no mark"), extra={"pid": os.getpid()})

    def raises(self):
        raise LookupError("secret-of-mine")

    def reports(self):
        raise ClientFailure(ErrorInfo(kind=ErrorKind.TIMEOUT, message="slow"))

    def returns_octets(self):
        return Token(access_token=b"octets")

    def returns_a_dictionary(self):
        return {"access_token": "one"}

    def is_cancelled(self):
        raise asyncio.CancelledError("in between")

    def raises_what_is_no_exception(self):
        raise BaseException("of another library")  # as gevent.Timeout

    def has_a_timer(self):
        signal.signal(signal.SIGALRM, lambda *_: None)
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        return Token(access_token="x" * 8_000_000)

    def exits(self):
        sys.exit("it is over")

    def aborts(self):
        os.abort()

    def hangs(self):
        threading.Event().wait()

    def close(self):
        if self.config.get("client_id") == "has_a_timer":
            signal.setitimer(signal.ITIMER_REAL, 0)  # at the end of Python it would end the process


@pytest.fixture
def adapter():
    opened = parse_spec(f"py:{__name__}:Behaving").open({"GAUNTLET_MARK": "here"})
    opened.hello()
    yield opened
    opened.close()


def token(adapter, behaviour):
    adapter.configure({"client_id": behaviour})
    return adapter.get_token()


def test_it_runs_in_another_process_in_the_environment_of_a_client(adapter):
    answer = token(adapter, "works")
    assert answer.access_token == "here"
    assert answer.extra["pid"] != os.getpid()
    assert "not an answer either" in adapter.adapter_process.stderr()


def test_it_declares_what_each_client_of_a_process_has(adapter):
    hello = adapter.hello()
    assert {Capability.INSTANCES, Capability.TIME_ZONE} <= hello.capabilities
    assert hello.catches


def test_concurrent_calls_have_tokens_and_errors(adapter):
    adapter.configure({"client_id": "works"})
    first, second = adapter.get_tokens(2)
    assert (first.access_token, second.kind) == ("here", ErrorKind.TIMEOUT)


def test_each_instance_is_a_client_of_its_own(adapter):
    adapter.configure({"client_id": "works"})
    other = adapter.instance("b")
    with pytest.raises(ClientFailure, match="not configured"):
        other.get_token()
    other.configure({"client_id": "raises"})
    with pytest.raises(ClientFailure, match="secret-of-mine"):
        other.get_token()
    assert adapter.get_token().access_token == "here"


def test_an_exception_says_where_it_was_raised_and_not_its_message(adapter):
    with pytest.raises(ClientFailure) as caught:
        token(adapter, "raises")
    assert caught.value.error.kind is ErrorKind.UNEXPECTED
    assert "raise LookupError" in caught.value.trace
    assert "builtins.LookupError, raised here" in caught.value.trace


def test_a_long_answer_is_complete_although_signals_interrupt_it(adapter):
    assert len(token(adapter, "has_a_timer").access_token) == 8_000_000


@pytest.mark.parametrize("in_process", [False, True])
@pytest.mark.parametrize(
    ("behaviour", "words"), [("is_cancelled", "in between"), ("raises_what_is_no_exception", "of another library")]
)
def test_what_can_be_caught_is_an_answer_and_ends_no_process(behaviour, words, in_process):
    adapter = parse_spec(f"py:{__name__}:Behaving", in_process=in_process).open({})
    adapter.hello()
    with pytest.raises(ClientFailure, match=words) as caught:
        token(adapter, behaviour)
    assert caught.value.error.kind is ErrorKind.UNEXPECTED
    adapter.configure({"client_id": "works"})
    assert adapter.get_token()
    adapter.close()


def test_an_error_that_a_client_in_this_process_reports_is_not_its_own_cause():
    adapter = parse_spec(f"py:{__name__}:Behaving", in_process=True).open({})
    with pytest.raises(ClientFailure, match="slow") as caught:
        token(adapter, "reports")
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("behaviour", "words"), [("returns_octets", "JSON cannot represent"), ("returns_a_dictionary", "got a dict")]
)
def test_what_is_no_value_of_the_protocol_is_an_error_of_the_adapter(adapter, behaviour, words):
    with pytest.raises(AdapterError, match=words) as caught:
        token(adapter, behaviour)
    assert not isinstance(caught.value, AdapterEnded)


@pytest.mark.parametrize(("behaviour", "how"), [("exits", "exit code 1"), ("aborts", "signal SIGABRT")])
def test_a_client_that_ends_the_process_is_told_from_an_adapter_that_breaks(adapter, behaviour, how):
    with pytest.raises(AdapterEnded) as caught:
        token(adapter, behaviour)
    assert caught.value.how == how


def test_a_client_that_hangs_ends_with_its_process(adapter):
    adapter.operation_limit_s = 1.0
    pid = token(adapter, "works").extra["pid"]
    with pytest.raises(AdapterTimeout):
        token(adapter, "hangs")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_its_clock_is_moved_in_its_process():
    pytest.importorskip("time_machine", reason="needs time-machine")
    bench = Bench(parse_spec(f"py:{__name__}:Behaving"))
    adapter, hello = bench.start()
    assert Capability.CLOCK in hello.capabilities
    assert bench.clock == ProgramClock.name
    adapter.configure({"client_id": "works"})
    adapter.advance_clock(5000.0)
    assert abs(adapter.now() - time.time() - 5000) < 600
    adapter.configure({"client_id": "works"})
    assert abs(adapter.now() - time.time()) < 600
    adapter.close()
    bench.close()


def test_garbage_is_collected_while_a_client_works_and_not_while_it_is_imported(tmp_path):
    (tmp_path / "collecting.py").write_text(
        "import gc\n"
        "imported = gc.isenabled()\n"
        "def create():\n"
        "    raise SystemExit(f'{imported} {gc.isenabled()} {gc.get_freeze_count() > 1000}')\n"
    )
    code = "from oauth_gauntlet.adapters.python_program import main; main('collecting', 'create')"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr == "False True True\n"
