import pytest

from oauth_gauntlet.model import Finding, Mark, Verdict
from oauth_gauntlet_reports.evidence.transcript import decisive, marked_exchange, transcripts


def exchange(body, answer="ok"):
    return {
        "request": {"method": "POST", "target": "/t", "headers": [["Host", "h"]], "body": body},
        "response": {"status": 200, "headers": [], "body": answer},
        "fault": "slow",
    }


def finding(text, part="request", place=-1):
    return Finding(expected="e", seen="s", grade=Verdict.VIOLATION, mark=Mark(text=text, part=part, exchange=place))


def text(pieces):
    return "".join(piece.text for piece in pieces)


def marked(pieces):
    return [piece.text for piece in pieces if piece.marked]


def test_both_sides_are_shown(make_result):
    (each,) = transcripts(make_result(exchanges=(exchange("a%2Cb"),)))
    assert text(each.sent) == "POST /t HTTP/1.1\nHost: h\n\na%2Cb"
    assert text(each.received) == "HTTP/1.1 200 OK\n\nok"
    assert (each.number, each.fault, each.offending, marked(each.sent), marked(each.received)) == (
        1,
        "slow",
        True,
        ["a%2Cb"],
        [],
    )


def test_the_exchange_of_a_mark_is_offending(make_result):
    result = make_result(exchanges=(exchange("x"), exchange("x"), exchange("x")), findings=(finding("x", place=1),))
    assert [(each.offending, marked(each.sent)) for each in transcripts(result)] == [(False, []), (True, ["x"]), (False, [])]


def test_a_mark_with_an_invalid_index_is_about_the_last_exchange(make_result):
    result = make_result(exchanges=(exchange("x"), exchange("y")), findings=(finding("y", place=7),))
    assert [each.offending for each in transcripts(result)] == [False, True]


@pytest.mark.parametrize(("index", "place"), [(0, 0), (1, 1), (2, 2), (3, 2), (-1, 2), (-3, 0), (-4, 2)])
def test_a_mark_names_its_exchange_from_the_start_or_from_the_end(make_result, index, place):
    found = finding("x", place=index)
    assert marked_exchange(make_result(exchanges=(exchange("x"),) * 3, findings=(found,))) == (place, found.mark)


def test_without_a_mark_the_last_exchange_is_shown(make_result):
    assert marked_exchange(make_result(exchanges=(exchange("x"),) * 3, findings=())) == (2, None)


def test_overlapping_marks_are_merged(make_result):
    found = (finding("abc"), finding("cde"), finding("ok", "response"))
    (each,) = transcripts(make_result(exchanges=(exchange("abcdef ab"),), findings=found))
    assert marked(each.sent) == ["abcde"]
    assert marked(each.received) == ["ok"]


def test_without_exchanges_there_is_no_transcript(make_result):
    assert transcripts(make_result(exchanges=())) == ()


def test_the_decisive_exchange_is_of_the_first_finding_or_the_last(make_result):
    three = (exchange("one"), exchange("two"), exchange("three"))
    found = (finding("two", place=1), finding("one", place=0))
    each = decisive(make_result(exchanges=three, findings=found), 100)
    assert (each.number, marked(each.sent)) == (2, ["two"])
    each = decisive(make_result(exchanges=three, findings=()), 100)
    assert (each.number, marked(each.sent)) == (3, [])
    assert decisive(make_result(exchanges=()), 100) is None


def test_long_pieces_are_shortened_in_the_middle(make_result):
    each = decisive(make_result(exchanges=(exchange("a" * 500 + "MARK" + "b" * 500),), findings=(finding("MARK"),)), 100)
    assert marked(each.sent) == ["MARK"]
    assert text(each.sent).startswith("POST /t HTTP/1.1\nHost: h\n\naaa")
    assert "\n... (426 characters are left out here)\n" in text(each.sent)
    assert "aMARKb" in text(each.sent)
    assert len(text(each.sent)) < 320
