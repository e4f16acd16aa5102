import random

from oauth_gauntlet.model import Level, Result, Verdict, in_run_order, sanity_first_and_last, with_consequences

ORDER = [
    "sanity.first[password]",
    "auth.a[client_credentials]",
    "auth.a[password]",
    "auth.a[password+expiry]",
    "auth.a-b[password]",
    "parse.c.one[password]",
    "sanity.first-of-all[password]",
    "sanity.last[password]",
]


def result(scenario):
    name = {"parse.c.one[password]": "parse.c"}.get(scenario, scenario.partition("[")[0])
    return Result(id=name, scenario=scenario, grant="", level=Level.MUST, basis=(), statement="", verdict=Verdict.PASS)


def test_the_sanity_exchanges_come_first_and_last():
    assert sorted(["sanity.last", "a.b", "sanity.first"], key=sanity_first_and_last) == ["sanity.first", "a.b", "sanity.last"]


def test_the_order_does_not_depend_on_the_order_of_arrival():
    for seed in range(20):
        arrived = random.Random(seed).sample(ORDER, len(ORDER))
        assert [each.scenario for each in in_run_order(map(result, arrived))] == ORDER
        assert [each.scenario for each in with_consequences(map(result, arrived))] == ORDER


def test_two_results_of_one_scenario_stay_in_the_order_of_arrival():
    first, second = result(ORDER[1]), result(ORDER[1])
    assert [id(each) for each in in_run_order([second, first])] == [id(second), id(first)]
