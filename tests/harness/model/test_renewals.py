"""Kinds of renewal: what an adapter must declare, which grants differ in mechanism, and what a client without one fails."""

import pytest

from oauth_gauntlet.model import RenewalKind
from oauth_gauntlet.model.renewals import judges_renewal
from oauth_gauntlet.protocol import Capability, GrantType


@pytest.mark.parametrize(
    ("kind", "capabilities", "grants"),
    [
        (
            RenewalKind.EXPIRY,
            {Capability.CACHE, Capability.AUTO_REFRESH, Capability.CLOCK},
            (GrantType.CLIENT_CREDENTIALS, GrantType.JWT_BEARER),
        ),
        (RenewalKind.REFRESH, {Capability.REFRESH}, (GrantType.PASSWORD,)),
        (
            RenewalKind.AFTER_401,
            {Capability.CACHE, Capability.RESOURCE, Capability.RETRY_401},
            (GrantType.CLIENT_CREDENTIALS,),
        ),
    ],
)
def test_a_kind_of_renewal_needs_capabilities_and_is_judged_with_some_grants(kind, capabilities, grants):
    assert (kind.capabilities, kind.grants) == (capabilities, grants)


def test_a_client_without_a_renewal_fails_the_requirement_of_one():
    assert {kind: kind.shown_by for kind in RenewalKind} == {
        "expiry": ("expiry.renewed-after",),
        "refresh": ("refresh.request", "refresh.rotation-replaces"),
        "after-401": ("resource.401-renews-once",),
    }


def test_each_occasion_completes_the_sentence_of_a_finding():
    assert {kind: kind.occasion for kind in RenewalKind} == {
        "expiry": "after the token had expired",
        "refresh": "with the refresh token",
        "after-401": "after a resource had refused the token",
    }


@pytest.mark.parametrize(
    ("scenario", "renewal"),
    [("a.b[password]", False), ("a.b.c[password+expiry]", True), ("a.b.x+y[password]", False)],
)
def test_the_brackets_of_a_scenario_say_whether_it_judges_a_renewal(scenario, renewal):
    assert judges_renewal(scenario) is renewal
