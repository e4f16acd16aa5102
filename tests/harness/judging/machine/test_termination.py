import os
import signal

import pytest

from oauth_gauntlet.judging.machine.termination import on_termination, raise_on_termination

ALL = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def default_handlers():
    """Set the default handlers, which ``nohup`` and a shell's background jobs change, and restore the old ones."""
    handlers = {number: signal.getsignal(number) for number in ALL}
    for number in ALL:
        signal.signal(number, signal.default_int_handler if number is signal.SIGINT else signal.SIG_DFL)
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", ALL)
def test_a_signal_calls_the_function_and_the_old_handler_is_restored(number):
    before = signal.getsignal(number)
    calls = []
    with on_termination(lambda: calls.append(number)):
        for _ in range(2):
            os.kill(os.getpid(), number)
    assert calls == [number, number]
    assert signal.getsignal(number) is before


def test_an_ignored_signal_stays_ignored():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    calls = []
    with on_termination(lambda: calls.append(1)):
        os.kill(os.getpid(), signal.SIGHUP)
    raise_on_termination()
    os.kill(os.getpid(), signal.SIGHUP)
    assert calls == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_sigterm_and_sighup_raise_keyboard_interrupt(number):
    raise_on_termination()
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), number)
