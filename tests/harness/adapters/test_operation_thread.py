"""An operation ends with a result or an exception, or is left behind; all operations of a client have one thread."""

import threading
import time

import pytest

from oauth_gauntlet.adapters.operation_thread import OperationThread

LATER_S = 600


def later():
    return time.monotonic() + LATER_S


@pytest.fixture
def thread():
    """An operation thread; it ends after the test."""
    made = OperationThread()
    yield made
    made.end()


def test_a_result(thread):
    operation = thread.start(lambda: threading.current_thread().name)
    operation.wait_until(later)
    assert not operation.running
    assert operation.exception is None
    assert operation.result() == "client"


def test_an_exception_is_kept_also_one_that_would_end_the_process(thread):
    def leaves():
        raise SystemExit(3)

    operation = thread.start(leaves)
    operation.wait_until(later)
    assert isinstance(operation.exception, SystemExit)
    after = thread.start(lambda: "next")
    after.wait_until(later)
    assert after.result() == "next"


def test_what_a_client_keeps_for_each_thread_stays(thread):
    kept = threading.local()

    def counted():
        kept.calls = getattr(kept, "calls", 0) + 1
        return kept.calls

    operations = [thread.start(counted) for _ in range(3)]
    operations[-1].wait_until(later)
    assert [each.result() for each in operations] == [1, 2, 3]


def test_the_deadline_may_move_while_the_operation_runs(thread):
    goes_on = threading.Event()
    asked = []

    def deadline():
        asked.append(time.monotonic())
        if len(asked) == 3:
            goes_on.set()
        return later()

    operation = thread.start(goes_on.wait)
    operation.wait_until(deadline)
    assert len(asked) >= 3
    assert operation.result() is True


def test_an_operation_that_does_not_end_is_left_running_and_its_thread_ends_after_it(thread):
    goes_on, found = threading.Event(), []

    def waits():
        found.append(threading.current_thread())
        goes_on.wait()

    operation = thread.start(waits)
    operation.wait_until(lambda: 0.0)
    assert operation.running
    thread.end()
    other = thread.start(threading.current_thread)
    other.wait_until(later)
    goes_on.set()
    operation.wait_until(later)
    assert not operation.running
    found[0].join(LATER_S)
    assert not found[0].is_alive()
    assert other.result() is not found[0]
