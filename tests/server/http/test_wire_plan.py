from oauth_gauntlet_server.http.wire_plan import Close, HalfClose, Repeat, Reset, Send, Wait, answering, sent_by


def test_an_answer_is_sent_as_head_and_body():
    assert answering(b"head", b"body") == (Send(data=b"head"), Send(data=b"body", body=True))


def test_octets_after_the_end_of_the_connection_are_not_sent():
    for end in (Close(), Reset(), HalfClose()):
        assert sent_by((Send(data=b"a"), Wait(seconds=1), Send(data=b"b"), end, Send(data=b"c"))) == b"ab"
    assert sent_by((Wait(seconds=1), Close())) == b""


def test_repeated_octets_count_once():
    assert sent_by((Send(data=b"a"), Repeat(data=b" ", most=100), Close())) == b"a "
