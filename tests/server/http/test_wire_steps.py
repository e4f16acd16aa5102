import pytest

from oauth_gauntlet_server.http.wire_plan import AwaitClient, Close, HalfClose, Repeat, Reset, Send, Wait, answering, sent_by
from oauth_gauntlet_server.http.wire_steps import (
    READ_S,
    CloseAfter,
    CloseInstead,
    CutShort,
    Drip,
    EditBody,
    EditHead,
    EndlessAfter,
    HalfCloseAfter,
    ResetInstead,
    SendAfter,
    SendBefore,
    SendInstead,
    SilentInstead,
    WaitFirst,
    WaitInBody,
    cut,
)

PLAN = answering(b"head", b"body")


def head(data):
    return Send(data=data)


def body(data):
    return Send(data=data, body=True)


@pytest.mark.parametrize(
    ("step", "plan"),
    [
        (WaitFirst(2), (Wait(seconds=2), *PLAN)),
        (WaitInBody(2, 0), (head(b"head"), body(b""), Wait(seconds=2), body(b"body"))),
        (WaitInBody(2, 3), (head(b"head"), body(b"bod"), Wait(seconds=2), body(b"y"))),
        (
            Drip(3, 0.5),
            tuple(each for part in (head(b"hea"), head(b"d"), body(b"bod"), body(b"y")) for each in (part, Wait(seconds=0.5))),
        ),
        (CloseInstead(), (Close(),)),
        (ResetInstead(), (Reset(),)),
        (SilentInstead(9), (AwaitClient(seconds=9), Close())),
        (SendInstead(b"?"), (head(b"?"), Close())),
        (CutShort(2), (head(b"head"), body(b"bo"), Close())),
        (CutShort(2, reset=True), (head(b"head"), body(b"bo"), Wait(seconds=READ_S), Reset())),
        (CutShort(2, of_body=False), (head(b"he"), Close())),
        (CutShort(6, of_body=False), (head(b"head"), body(b"bo"), Close())),
        (CutShort(99), (*PLAN, Close())),
        (CloseAfter(), (*PLAN, Close())),
        (HalfCloseAfter(), (*PLAN, HalfClose(), AwaitClient(seconds=10.0), Close())),
        (SendBefore(b"!"), (head(b"!"), *PLAN)),
        (SendAfter(b"!"), (head(b"head"), body(b"body!"))),
        (SendAfter(b"!", 2), (*PLAN, Wait(seconds=2), head(b"!"))),
        (EndlessAfter(b" ", 7), (*PLAN, Repeat(data=b" ", most=7), Close())),
        (EditHead(bytes.upper), (head(b"HEAD"), body(b"body"))),
        (EditBody(bytes.upper), (head(b"head"), body(b"BODY"))),
    ],
)
def test_a_step_changes_the_plan_of_an_answer(step, plan):
    assert step.apply(PLAN) == plan


@pytest.mark.parametrize("step", [CloseInstead(), ResetInstead(), SilentInstead(1), SendInstead(b"?")])
def test_waits_stay_in_the_plan_when_the_answer_is_replaced(step):
    assert step.apply(WaitFirst(2).apply(PLAN))[0] == Wait(seconds=2)
    assert WaitFirst(2).apply(step.apply(PLAN))[0] == Wait(seconds=2)


def test_steps_compose_in_order():
    assert CutShort(1).apply(Drip(2, 1).apply(PLAN))[-2:] == (body(b"b"), Close())
    assert sent_by(CutShort(3).apply(EditBody(lambda octets: b"<" + octets + b">").apply(PLAN))) == b"head<bo"
    assert sent_by(EditHead(bytes.upper).apply(SendBefore(b"first ").apply(PLAN))) == b"FIRST headbody"


def test_both_parts_of_a_cut_plan_send_all_octets():
    for octets in range(12):
        for of_body in (True, False):
            before, after = cut(PLAN, octets, of_body=of_body)
            assert sent_by(before + after) == b"headbody"


def test_only_a_wait_at_the_start_needs_no_socket():
    assert not WaitFirst(1).needs_socket
    assert WaitFirst(1).delay_s == 1
    assert CutShort(1).needs_socket
