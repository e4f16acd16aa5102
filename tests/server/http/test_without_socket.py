import json
import time

from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.handled import Handled
from oauth_gauntlet_server.http.wire_steps import CloseInstead, WaitFirst
from oauth_gauntlet_server.http.without_socket import delivered


def deliver(answer):
    """Return the delivered answer and the one response that was recorded."""
    recorded = []
    done = delivered(Handled(answer=answer, record=recorded.append))
    (response,) = recorded
    return done, response


def test_a_wait_is_done_before_the_answer_and_the_answer_is_recorded():
    began = time.monotonic()
    answer, response = deliver(Answer(status=200, body=b"abc", wire=(WaitFirst(0.05),)))
    assert time.monotonic() - began >= 0.05
    assert (answer.body, answer.header("Content-Length")) == (b"abc", "3")
    assert (response.status, response.body, response.raw) == (200, b"abc", b"")


def test_a_step_that_needs_the_socket_makes_the_answer_a_501():
    answer, response = deliver(Answer(status=200, wire=(CloseInstead(),)))
    assert (answer.status, json.loads(answer.body)["error"], answer.wire) == (501, "fault_needs_socket", ())
    assert response.status == 501


def test_a_given_content_length_is_kept_and_a_status_without_content_gets_none():
    assert deliver(Answer(status=200, headers=(("content-length", "9"),)))[0].headers == (("content-length", "9"),)
    assert deliver(Answer(status=204))[0].headers == ()
