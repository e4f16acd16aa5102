import json

import pytest

from oauth_gauntlet.adapters.framing import read_answer, request_line
from oauth_gauntlet.protocol import ErrorKind, ProtocolViolation


@pytest.mark.parametrize("text", ["é", "a\nb", "\u2028", "\ud800", "\x00"])
def test_a_request_is_one_line_of_ascii_whatever_it_contains(text):
    line = request_line(7, "configure", {"config": {"scope": text}})
    assert line.count(b"\n") == 1
    assert line.isascii()
    assert json.loads(line) == {"id": 7, "op": "configure", "args": {"config": {"scope": text}}}


def test_an_answer_is_ok_or_an_error():
    assert read_answer(b'{"id": 1, "ok": {"a": 1}}\n', 1, "hello") == {"a": 1}
    assert read_answer(b'{"id": 1, "error": {"kind": "timeout"}}\n', 1, "hello").kind is ErrorKind.TIMEOUT


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"\xff{}\n", "is not UTF-8: \\xff{}\n; write UTF-8 to stdout, whatever the locale"),
        (b"debug: hello\n", "stdout contained a line that is not JSON"),
        (b"[" * 100_000, "stdout contained a line that is not JSON"),
        (b"[1]", "is not a JSON object: [1]"),
        (b'{"id": 2, "ok": {}}', "has id 2, not 1; answer each request once"),
        (b'{"id": 1}', "needs either a member ok or a member error, and has ['id']"),
        (b'{"id": 1, "ok": {}, "error": {"kind": "oauth"}}', "needs either"),
        (b'{"id": 1, "ok": 5}', "ok must be an object, got {"),
    ],
)
def test_a_line_that_is_no_answer_is_an_error_with_the_next_step(line, words):
    with pytest.raises(ProtocolViolation) as caught:
        read_answer(line, 1, "get_token")
    assert words in str(caught.value)
    assert "get_token" in str(caught.value)


def test_the_error_contains_the_start_of_a_long_line():
    with pytest.raises(ProtocolViolation, match="not JSON") as caught:
        read_answer(b"a" * 300, 1, "get_token")
    assert f"{'a' * 200}'" in str(caught.value)
    assert "a" * 201 not in str(caught.value)
