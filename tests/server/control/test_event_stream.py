import threading

from oauth_gauntlet_server.control.event_stream import EventStream, event


def test_an_event_is_lines_of_ascii_for_any_document():
    hostile = {"a": "line\nid: 9\r\n\ndata: x\u2028 é \ud800"}
    octets = event("exchange", hostile, identifier=7)
    head, data = octets.split(b"data: ", 1)
    assert head == b"id: 7\nevent: exchange\n"
    assert data.endswith(b"}\n\n")
    assert b"\n" not in data[:-2]
    assert event("gone", {}) == b"event: gone\ndata: {}\n\n"


def test_closing_a_stream_releases_its_place_once():
    places = threading.BoundedSemaphore(1)
    assert places.acquire(blocking=False)
    stream = EventStream(iter([b"a", b"b"]), places)
    assert next(stream) == b"a"
    for _ in range(2):
        stream.close()  # a second release of a bounded semaphore would raise
    assert places.acquire(blocking=False)
