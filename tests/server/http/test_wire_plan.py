from oauth_gauntlet_server.http.wire_plan import Close, HalfClose, Repeat, Reset, Send, Wait, answering, sent_by


def test_an_answer_is_its_head_and_its_body():
    assert answering(b"head", b"body") == (Send(data=b"head"), Send(data=b"body", body=True))


def test_what_a_plan_sends_ends_where_the_connection_does():
    for end in (Close(), Reset(), HalfClose()):
        assert sent_by((Send(data=b"a"), Wait(seconds=1), Send(data=b"b"), end, Send(data=b"c"))) == b"ab"
    assert sent_by((Wait(seconds=1), Close())) == b""


def test_what_is_repeated_counts_once():
    assert sent_by((Send(data=b"a"), Repeat(data=b" ", most=100), Close())) == b"a "
