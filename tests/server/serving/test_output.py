"""The thread that writes lines: order, limits, a reader that is slow, stuck or gone."""

import os
import sys
import threading

import pytest

from oauth_gauntlet_server.serving import output as module
from oauth_gauntlet_server.serving.output import MOST_LINES, MOST_OCTETS, Output, standard_output


class Reader:
    """Takes octets; `stuck` makes it block until `go_on` is set."""

    def __init__(self, *, stuck=False):
        self.octets = b""
        self.entered = threading.Event()
        self.go_on = threading.Event()
        if not stuck:
            self.go_on.set()

    def __call__(self, octets):
        self.entered.set()
        assert self.go_on.wait(60)
        self.octets += octets


def test_lines_are_written_in_order_and_all_before_the_end():
    reader = Reader()
    output = Output(reader)
    for number in range(1000):
        output.say(f"line {number}")
    output.close(60)
    assert reader.octets.decode().splitlines() == [f"line {number}" for number in range(1000)]


def test_a_stuck_reader_blocks_nobody_and_is_told_what_it_missed():
    reader = Reader(stuck=True)
    output = Output(reader)
    output.say("first")
    assert reader.entered.wait(60)
    for number in range(MOST_LINES + 7):
        output.say(f"line {number}")
    output.close(0.01)  # returns although the reader is stuck
    assert reader.octets == b""
    reader.go_on.set()
    output.close(60)
    lines = reader.octets.decode().splitlines()
    assert lines[0] == "first"
    assert lines[-2:] == [f"line {MOST_LINES - 1}", "(7 lines were dropped, because they were not read fast enough)"]


def test_waiting_lines_are_bounded_by_octets_too():
    reader = Reader(stuck=True)
    output = Output(reader)
    output.say("first")
    assert reader.entered.wait(60)
    for _ in range(20):
        output.put(lambda: "big", octets=MOST_OCTETS // 4)
    reader.go_on.set()
    output.close(60)
    # The fifth is more than the limit, and the last that is taken.
    assert reader.octets.decode().splitlines()[1:6] == ["big"] * 5
    assert "(15 lines were dropped" in reader.octets.decode()


def test_a_reader_that_is_gone_ends_the_printing_only():
    tried = []

    def gone(octets):
        tried.append(octets)
        raise BrokenPipeError

    output = Output(gone)
    output.say("x")
    output._thread.join(60)
    for _ in range(MOST_LINES + 1):
        output.say("y")
    output.close(60)
    assert (tried, output._waiting) == ([b"x\n"], [])


def test_a_line_that_cannot_be_made_costs_no_other(caplog):
    reader = Reader()
    output = Output(reader)
    output.put(lambda: 1 // 0)
    output.say("after")
    output.close(60)
    assert reader.octets == b"after\n"
    assert "could not be made" in caplog.text


def test_text_that_the_encoding_does_not_have_is_escaped():
    reader = Reader()
    output = Output(reader, encoding="ascii")
    output.say("é")
    output.close(60)
    assert reader.octets == b"\\xe9\n"


def test_standard_output_is_written_by_its_descriptor(monkeypatch):
    read, write = os.pipe()
    with os.fdopen(read, "rb") as reading, os.fdopen(write, "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        stream.write("before ")
        output = standard_output()
        output.say("ä")
        output.close(60)
        stream.close()
        assert reading.read() == "before ä\n".encode()


def test_a_descriptor_that_would_block_is_tried_again(monkeypatch):
    read, write = os.pipe()
    os.set_blocking(write, False)
    waited = threading.Event()
    monkeypatch.setattr(module.time, "sleep", lambda _: waited.set())
    with os.fdopen(read, "rb") as reading, os.fdopen(write, "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        output = standard_output()
        output.say("x" * 1_000_000)
        assert waited.wait(60)
        assert len(reading.read(1_000_001)) == 1_000_001
        output.close(60)


@pytest.mark.parametrize("without", ["closed", "no descriptor"])
def test_without_a_descriptor(monkeypatch, capsys, without):
    if without == "closed":
        monkeypatch.setattr(sys, "stdout", None)
    output = standard_output()
    output.say("x")
    output.close(60)
    if without != "closed":
        assert capsys.readouterr().out == "x\n"
