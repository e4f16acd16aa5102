"""When a fault of a story acts, and what the client has met in a step."""

import pytest

from oauth_gauntlet_scenarios.story.failing import FailingServer
from oauth_gauntlet_scenarios.story.refusals import REFUSALS
from oauth_gauntlet_server import Tenants, faults

FAULT = faults.oauth_error("invalid_request")
BARE, SPELLED = REFUSALS["bare"], REFUSALS["unquoted"]


@pytest.fixture
def tenant():
    return Tenants().create("t")


@pytest.fixture
def server(tenant):
    return FailingServer(tenant)


def meet(tenant, place=-1):
    tenant.armed.list()[place].count_fired()


def test_a_fault_is_met_in_its_step_only(server, tenant):
    assert not server.met_fault
    server.fail_next(FAULT)
    assert not server.met_fault
    meet(tenant)
    assert server.met_fault
    assert not server.end_step()
    assert not server.met_fault
    assert [armed.trigger.times for armed in tenant.armed.list()] == [1]


def test_trouble_stays_for_its_steps(server, tenant):
    server.begin_trouble(FAULT, 2)
    (armed,) = tenant.armed.list()
    assert armed.trigger.times is None
    ends = []
    for _ in range(3):
        armed.count_fired()
        met = server.met_fault
        ends.append((met, server.end_step(), len(tenant.armed.list())))
    assert ends == [(True, False, 1), (True, True, 0), (True, False, 0)]


def test_new_trouble_replaces_the_old_one(server, tenant):
    for steps in (3, 1):
        server.begin_trouble(FAULT, steps)
    assert len(tenant.armed.list()) == 1
    assert server.end_step()
    assert not tenant.armed.list()


def test_each_refusal_counts_as_often_as_it_is_met(server, tenant):
    server.refuse(BARE, 5)
    server.refuse(SPELLED, 1)
    assert [(armed.trigger.times, armed.trigger.endpoint) for armed in tenant.armed.list()] == [
        (5, "resource"),
        (1, "resource"),
    ]
    for place in (0, 0, 1):
        meet(tenant, place)
    assert server.refusals == [BARE, BARE, SPELLED]
    assert not server.met_fault
    server.end_step()
    meet(tenant, 0)
    assert server.refusals == [BARE]


def test_the_lifetime_is_omitted_until_it_is_stated_again(server, tenant):
    names = []
    for omitted in (False, True, True, False):
        server.omit_lifetime(omitted=omitted)
        names.append((server.omits_lifetime, [armed.fault.name for armed in tenant.armed.list()]))
    there = (True, ["without_token_member"])
    assert names == [(False, []), there, there, (False, [])]


def test_recovering_ends_all_faults_but_a_missing_lifetime(server, tenant):
    server.omit_lifetime(omitted=True)
    server.fail_next(FAULT)
    server.refuse(BARE, 5)
    server.begin_trouble(FAULT, 1)
    server.recover()
    assert [armed.fault.name for armed in tenant.armed.list()] == ["without_token_member"]
    assert not server.end_step()
