from oauth_gauntlet_server.wire_plan import Close, CloseInstead, Send, Wait, WaitFirst, sent_by

PLAN = (Send(data=b"answer"),)


def test_waiting_goes_first():
    assert WaitFirst(2.0).apply(PLAN) == (Wait(seconds=2.0), Send(data=b"answer"))


def test_closing_replaces_what_is_sent_but_not_what_is_waited_for():
    assert CloseInstead().apply(WaitFirst(2.0).apply(PLAN)) == (Wait(seconds=2.0), Close())


def test_steps_compose_in_either_order():
    assert WaitFirst(2.0).apply(CloseInstead().apply(PLAN)) == (Wait(seconds=2.0), Close())


def test_what_a_plan_sends_ends_with_its_close():
    assert sent_by((Send(data=b"a"), Wait(seconds=1), Send(data=b"b"), Close(), Send(data=b"c"))) == b"ab"
    assert sent_by((Wait(seconds=1), Close())) == b""


def test_only_waiting_can_do_without_the_socket():
    assert not WaitFirst(1).needs_socket
    assert WaitFirst(1).delay_s == 1
    assert CloseInstead().needs_socket
