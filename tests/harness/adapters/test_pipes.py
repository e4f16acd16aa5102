"""Reading and stopping with real pipes."""

import os
import queue
import resource
import threading
import time

import pytest

from oauth_gauntlet.adapters.pipes import LineReader, LineTooLong, TailReader, write_all


@pytest.fixture
def pipe():
    """A function that opens a reader on a pipe, and returns it with the writing end; both are closed at the end."""
    opened = []

    def open_reader(kind, most_octets):
        reading, writing = os.pipe()
        writer = os.fdopen(writing, "wb", buffering=0)
        reader = kind(os.fdopen(reading, "rb"), most_octets=most_octets)
        opened.append((reader, writer))
        return reader, writer

    yield open_reader
    for reader, writer in opened:
        reader.stop()
        writer.close()


def until(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_the_text_contains_all_that_was_written_before(pipe):
    reader, writer = pipe(TailReader, 1 << 20)
    for number in range(300):
        writer.write(b"%d\n" % number)
        assert reader.text().splitlines()[-1] == str(number)


def test_the_text_is_returned_during_a_flood(pipe):
    reader, writer = pipe(TailReader, 1000)
    stop = threading.Event()

    def flood():
        while not stop.is_set():
            writer.write(b"x" * 65_536)

    flooding = threading.Thread(target=flood)
    flooding.start()
    until(lambda: reader.text())
    assert set(reader.text()) == {"x"}
    stop.set()
    flooding.join(60)
    assert not flooding.is_alive()


def lines(reader):
    return list(iter(lambda: reader.next(60), None))


@pytest.mark.parametrize(
    ("written", "expected", "unfinished"),
    [
        ([b""], [], b""),
        ([b"a\nb\n"], [b"a", b"b"], b""),
        ([b"a\r\n\n"], [b"a", b""], b""),
        ([b"a\rb\n"], [b"a\rb"], b""),
        ([b"a\nhalf"], [b"a"], b"half"),
        ([b"x" * 70_000, b"x" * 70_000 + b"\n"], [b"x" * 140_000], b""),
        ([b"\xff\x00\n"], [b"\xff\x00"], b""),
    ],
)
def test_lines_are_returned_in_order_and_the_rest_is_unfinished(pipe, written, expected, unfinished):
    reader, writer = pipe(LineReader, 1 << 20)
    for part in written:
        writer.write(part)
    writer.close()
    assert lines(reader) == expected
    assert reader.unfinished == unfinished


def test_a_line_without_an_end_fails_at_the_limit(pipe):
    reader, writer = pipe(LineReader, 10)
    writer.write(b"x" * 11)
    with pytest.raises(LineTooLong):
        reader.next(60)


def test_a_line_beyond_the_limit_fails_however_it_was_written(pipe):
    reader, writer = pipe(LineReader, 10)
    writer.write(b"x" * 11 + b"\n")
    with pytest.raises(LineTooLong):
        reader.next(60)


def test_a_silent_stream_is_waited_for_until_the_limit(pipe):
    reader, _ = pipe(LineReader, 10)
    assert reader.waiting() is None
    began = time.monotonic()
    with pytest.raises(queue.Empty):
        reader.next(0.1)
    assert time.monotonic() - began > 0.09


def test_a_line_that_has_arrived_is_returned_once(pipe):
    reader, writer = pipe(LineReader, 10)
    writer.write(b"early\n")
    seen = []
    until(lambda: seen.append(reader.waiting()) or seen[-1] is not None)
    assert (seen[-1], reader.waiting()) == (b"early", None)


def test_waiting_does_not_lose_the_end_of_the_stream(pipe):
    reader, writer = pipe(LineReader, 10)
    writer.close()
    for _ in range(20):
        assert reader.waiting() is None
        time.sleep(0.01)
    assert reader.next(60) is None


def test_only_the_last_octets_of_a_flood_are_kept(pipe):
    reader, writer = pipe(TailReader, 1000)
    for number in range(20_000):
        writer.write(b"line %05d\n" % number)
    writer.write(b"last \xff")
    until(lambda: reader.text().endswith("last \\xff"))
    assert reader.tail(2) == "line 19999\nlast \\xff"
    assert 1000 <= len(reader.text()) < 1000 + 64 * 1024 + len("last \\xff")


@pytest.mark.parametrize("kind", [LineReader, TailReader])
def test_stop_does_not_need_the_end_of_the_stream_and_releases_everything(kind):
    threads, descriptors = threading.active_count(), len(os.listdir("/proc/self/fd"))
    reading, writing = os.pipe()
    reader = kind(os.fdopen(reading, "rb"), most_octets=10)
    assert threading.active_count() == threads + 1
    reader.stop()
    with pytest.raises(BrokenPipeError):
        os.write(writing, b"x")
    os.close(writing)
    assert (threading.active_count(), len(os.listdir("/proc/self/fd"))) == (threads, descriptors)


def test_what_was_written_before_a_mark_is_not_part_of_what_follows(pipe):
    reader, writer = pipe(TailReader, 1 << 20)
    writer.write(b"before\n")
    reader.mark()
    assert reader.since_mark(10) == ""
    writer.write(b"one\ntwo\n\xff\n")
    assert reader.since_mark(2) == "two\n\\xff"
    assert reader.text().startswith("before\none")


def test_what_follows_a_mark_is_bounded_like_the_rest(pipe):
    reader, writer = pipe(TailReader, 100)
    reader.mark()
    for _ in range(50):
        writer.write(b"0123456789\n")
        reader.text()
    assert set(reader.since_mark(1000).splitlines()) == {"0123456789"}


def test_pipes_are_read_and_written_also_where_a_process_has_a_thousand_others():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 1200:
        pytest.skip("this process may not open so many files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 1200), hard))
    others = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    try:
        reading, writing = os.pipe()
        assert reading >= 1024
        os.set_blocking(writing, False)
        reader = LineReader(os.fdopen(reading, "rb"), most_octets=100)
        assert write_all(writing, b"a line\n", limit_s=60)
        assert reader.next(60) == b"a line"
        reader.stop()
        os.close(writing)
    finally:
        for each in others:
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
