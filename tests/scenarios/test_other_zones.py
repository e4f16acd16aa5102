from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from oauth_gauntlet.checks import Untestable
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind
from oauth_gauntlet.time_zones import KOLKATA
from oauth_gauntlet_scenarios.other_zones import client_in, next_change


def instant(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("now", "to_summer", "change"),
    [
        ("2026-01-01T00:00", True, "2026-03-08T07:00"),
        ("2026-03-08T07:00", True, "2027-03-14T07:00"),
        ("2026-03-08T06:59", True, "2026-03-08T07:00"),
        ("2026-01-01T00:00", False, "2026-11-01T06:00"),
        ("2026-11-29T00:00", False, "2027-11-07T06:00"),
    ],
)
def test_the_clocks_of_new_york_change_on_sundays(now, to_summer, change):
    assert next_change(instant(now), to_summer=to_summer) == instant(change)


def started(offset):
    def utc_offset():
        if isinstance(offset, Exception):
            raise offset
        return offset

    given = []

    def start(environment, *, kept):
        assert kept, "the scenarios of a zone share a process"
        given.append(environment)
        return SimpleNamespace(adapter=SimpleNamespace(utc_offset=utc_offset))

    return start, given


def test_the_client_is_started_in_the_zone():
    start, given = started(19_800.0)
    assert client_in(KOLKATA.name, start)
    assert given == [{"TZ": KOLKATA.variable}]


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        (0.0, "0 s ahead of UTC"),
        (None, "does not answer now with utc_offset"),
        (ClientFailure(ErrorInfo(kind=ErrorKind.UNEXPECTED, message="unknown operation now")), "does not answer now"),
    ],
)
def test_without_proof_of_the_zone_nothing_is_proved(offset, words):
    start, _ = started(offset)
    with pytest.raises(Untestable, match=words):
        client_in(KOLKATA.name, start)
