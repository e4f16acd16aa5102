import itertools

import pytest

from oauth_gauntlet.checks import Breach
from oauth_gauntlet_scenarios.trouble import quiet


@pytest.fixture(autouse=True)
def _no_wait(monkeypatch):
    monkeypatch.setattr(quiet, "QUIET_S", 0.001)


def arrived(before, after):
    return itertools.chain([before], itertools.repeat(after)).__next__


@pytest.mark.parametrize("more", [0, quiet.MOST_UNASKED])
def test_a_few_requests_are_the_pauses_of_one_renewer(more):
    quiet.require_quiet(arrived(7, 7 + more), when="afterwards")


def test_the_finding_names_the_number_the_time_and_that_nobody_asked():
    with pytest.raises(Breach, match=r"the client sent 212 connections in \d\.\d s afterwards, although nobody asked"):
        quiet.require_quiet(arrived(7, 219), when="afterwards", what="connections")
