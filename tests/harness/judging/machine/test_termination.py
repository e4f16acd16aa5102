import os
import signal

import pytest

from oauth_gauntlet.judging.machine.termination import on_termination, raise_on_termination

ALL = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def as_before():
    handlers = {number: signal.getsignal(number) for number in ALL}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", ALL)
def test_being_told_to_end_calls_and_raises_nothing_and_is_as_before_afterwards(number):
    before = signal.getsignal(number)
    calls = []
    with on_termination(lambda: calls.append(number)):
        for _ in range(2):
            os.kill(os.getpid(), number)
    assert calls == [number, number]
    assert signal.getsignal(number) is before


def test_what_is_ignored_stays_ignored():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    calls = []
    with on_termination(lambda: calls.append(1)):
        os.kill(os.getpid(), signal.SIGHUP)
    raise_on_termination()
    os.kill(os.getpid(), signal.SIGHUP)
    assert calls == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_elsewhere_it_is_like_ctrl_c(number):
    signal.signal(number, signal.SIG_DFL)
    raise_on_termination()
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), number)
