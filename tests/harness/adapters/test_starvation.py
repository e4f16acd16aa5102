"""A program that gets no processor has more time; one that sleeps has a second."""

import os
import subprocess
import sys
import time

import pytest

from oauth_gauntlet.adapters import starvation
from oauth_gauntlet.adapters.starvation import GRACE_S, Grace, waited_for_processor_s

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux says how long a thread waited")


@pytest.fixture
def program():
    """A program of this test, which sleeps until its stdin ends."""
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE, start_new_session=True
    ) as started:
        yield started
        started.stdin.close()


def answer_of(grace):
    while not grace.is_over():
        time.sleep(0.05)


def test_a_program_that_does_nothing_has_a_second(program, monkeypatch):
    monkeypatch.setattr(starvation, "waited_for_processor_s", lambda _: {"main": 7.5})
    began = time.monotonic()
    answer_of(Grace(program.pid))
    assert time.monotonic() - began >= GRACE_S


def test_a_program_that_gets_no_processor_has_another_second_each_time(program, monkeypatch):
    waited = iter([0.0, 0.5, 0.5, 0.9, 0.9, 0.9, 0.9])
    monkeypatch.setattr(starvation, "waited_for_processor_s", lambda _: {"main": next(waited)})
    began = time.monotonic()
    answer_of(Grace(program.pid))
    assert time.monotonic() - began >= 3 * GRACE_S


def test_a_thread_that_ends_hides_no_other_that_gets_no_processor(program, monkeypatch):
    waited = iter([{"main": 0.0, "compiler": 9.0}, {"main": 0.5}, {"main": 0.5}, {"main": 0.5, "new": 0.5}, {}, {}, {}])
    monkeypatch.setattr(starvation, "waited_for_processor_s", lambda _: next(waited))
    began = time.monotonic()
    answer_of(Grace(program.pid))
    assert time.monotonic() - began >= 3 * GRACE_S


def test_the_time_has_an_end(program, monkeypatch):
    waited = iter(range(1000))
    monkeypatch.setattr(starvation, "waited_for_processor_s", lambda _: {"main": float(next(waited))})
    monkeypatch.setattr(starvation, "MOST_GRACE_S", 0.0)
    answer_of(Grace(program.pid))


def waited_by_all(programs):
    return sum(sum(waited_for_processor_s(each.pid).values()) for each in programs)


@linux
def test_linux_says_how_long_a_program_waited():
    more = (os.cpu_count() or 1) + 2
    busy = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"], start_new_session=True, stdin=subprocess.DEVNULL)
        for _ in range(more)
    ]
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until and waited_by_all(busy) < 0.2:
            time.sleep(0.1)
        assert waited_by_all(busy) >= 0.2
    finally:
        for each in busy:
            each.kill()
            each.wait()


def test_a_group_without_a_process_has_not_waited():
    with subprocess.Popen([sys.executable, "-c", ""], start_new_session=True) as ended:
        ended.wait()
    assert waited_for_processor_s(ended.pid) == {}
