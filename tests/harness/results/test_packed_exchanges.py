import copy

import pytest

from oauth_gauntlet.results.packed_exchanges import PackedExchanges


def exchange(body):
    message = {"headers": [["A", "b"]], "head": None, "body": body}
    return {
        "request": {"method": "POST", "target": "/t", **message},
        "response": {"status": 200, "reason": "", **message},
        "fault": None,
    }


@pytest.mark.parametrize("body", ["short", "long " * 5000, "ä \ud800 \x00"])
def test_packed_exchanges_are_the_exchanges(body):
    exchanges = (exchange(body), exchange("other"), exchange(body))
    packed = PackedExchanges(exchanges)
    assert (len(packed), packed[0], packed[-1], packed[1:], list(packed)) == (
        3,
        exchanges[0],
        exchanges[2],
        exchanges[1:],
        list(exchanges),
    )
    assert packed == exchanges
    assert exchanges == packed
    for equal in (PackedExchanges(exchanges), PackedExchanges(copy.deepcopy(exchanges))):
        assert packed == equal
        assert hash(packed) == hash(equal)
    assert packed != PackedExchanges(exchanges[:2])
    assert packed != exchanges[:2]
    assert packed != 5
    assert repr(packed) == repr(exchanges)
