"""An operation in a thread of its own ends with a result or an exception, or is left behind."""

import threading
import time

from oauth_gauntlet.adapters.operation_thread import OperationThread

LATER_S = 600


def later():
    return time.monotonic() + LATER_S


def test_a_result():
    thread = OperationThread("now", lambda: threading.current_thread().name)
    thread.wait_until(later)
    assert not thread.running
    assert thread.exception is None
    assert thread.result() == "client-now"


def test_an_exception_is_kept_also_one_that_would_end_the_process():
    def leaves():
        raise SystemExit(3)

    thread = OperationThread("refresh", leaves)
    thread.wait_until(later)
    assert isinstance(thread.exception, SystemExit)


def test_the_deadline_may_move_while_the_operation_runs():
    goes_on = threading.Event()
    asked = []

    def deadline():
        asked.append(time.monotonic())
        if len(asked) == 3:
            goes_on.set()
        return later()

    thread = OperationThread("get_token", goes_on.wait)
    thread.wait_until(deadline)
    assert len(asked) >= 3
    assert thread.result() is True


def test_an_operation_that_does_not_end_is_left_running():
    goes_on = threading.Event()
    thread = OperationThread("get_token", goes_on.wait)
    thread.wait_until(lambda: 0.0)
    assert thread.running
    goes_on.set()
    thread.wait_until(later)
    assert not thread.running
