"""With pytest-xdist one worker gets all scenarios that wait, and the cases of the others stay together."""

from types import SimpleNamespace

import pytest
from xdist.scheduler import LoadScopeScheduling

from oauth_gauntlet.judging.distribution import Distribution, group_of, has_all_that_wait


@pytest.mark.parametrize(
    ("node_id", "group"),
    [
        ("a.py::test_x[password]", "a.py::test_x"),
        ("a.py::test_x[variant-password+expiry]", "a.py::test_x"),
        ("folder[1]/a.py::test_x[password]", "folder[1]/a.py::test_x"),
        ("a.py::test_x[variant-password@waits]", "@waits"),
        ("b.py::test_y[password@waits]", "@waits"),
        ("b.py::test_ordinary", "b.py::test_ordinary"),
        ("b.py::test_ordinary[case]", "b.py::test_ordinary[case]"),
        ("b.py::test_ordinary[@waits]", "b.py::test_ordinary[@waits]"),
    ],
)
def test_what_waits_is_one_group_and_each_scenario_function_is_one(node_id, group):
    assert group_of(node_id) == group


class Config:
    """The configuration of pytest with pytest-xdist, as far as it decides the distribution; `dist` is its option."""

    def __init__(self, **options):
        self.option = SimpleNamespace(**options)
        self.workers = options.get("tx", ["popen"])

    def getoption(self, name, *default):
        return getattr(self.option, name, *default)

    def getvalue(self, name):
        return self.getoption(name)


def started_worker(config):
    """Return the configuration of a worker that this controller has started."""
    node = SimpleNamespace(config=config, workerinput={})
    Distribution().pytest_configure_node(node)
    return SimpleNamespace(workerinput=node.workerinput)


@pytest.mark.parametrize(("dist", "gets_all"), [("load", True), ("loadfile", False), ("worksteal", False), ("no", False)])
def test_a_worker_knows_whether_it_gets_all_scenarios_that_wait(dist, gets_all):
    assert has_all_that_wait(started_worker(Config(dist=dist))) is gets_all


def test_a_run_in_one_process_has_all_scenarios_that_wait():
    assert has_all_that_wait(SimpleNamespace()) is True
    assert has_all_that_wait(started_worker(Config())) is False


def test_the_default_distribution_is_replaced_by_one_that_keeps_the_order_of_a_run():
    config = Config(dist="load", tx=["popen"], maxschedchunk=None, loadscopereorder=True)
    scheduler = Distribution().pytest_xdist_make_scheduler(config, SimpleNamespace(loadscopesched="its log"))
    assert isinstance(scheduler, LoadScopeScheduling)
    assert (scheduler.config, scheduler.log) == (config, "its log")
    assert [scheduler._split_scope(each) for each in ("a.py::t[password]", "b.py::u[password@waits]")] == ["a.py::t", "@waits"]
    assert config.option.loadscopereorder is False


@pytest.mark.parametrize("dist", ["loadfile", "no"])
def test_a_distribution_that_a_user_chose_stays(dist):
    config = Config(dist=dist, loadscopereorder=True)
    assert Distribution().pytest_xdist_make_scheduler(config, None) is None
    assert config.option.loadscopereorder is True


class Worker:
    """A worker of pytest-xdist, as far as a scheduler knows it: the tests that it was told to run, and whether it ends."""

    gateway = SimpleNamespace(id="gw")

    def __init__(self):
        self.told, self.shutting_down = [], False

    def send_runtest_some(self, indices):
        self.told += indices

    def shutdown(self):
        self.shutting_down = True


TESTS = [f"a.py::t{number}[password]" for number in range(6)]


@pytest.fixture
def scheduled():
    """A scheduler of six groups of one test, and its two workers, which know of two tests each."""
    config = Config(dist="load", tx=["popen", "popen"], maxschedchunk=None, loadscopereorder=True)
    scheduler = Distribution().pytest_xdist_make_scheduler(config, None)
    workers = [Worker(), Worker()]
    for worker in workers:
        scheduler.add_node(worker)
        scheduler.add_node_collection(worker, TESTS)
    scheduler.schedule()
    assert [worker.told for worker in workers] == [[0, 2], [1, 3]]
    return scheduler, *workers


def test_the_test_in_which_a_worker_dies_does_not_run_again_and_its_other_tests_do(scheduled):
    scheduler, dies, stays = scheduled
    assert scheduler.remove_node(dies) == TESTS[0]
    for test in (1, 3, 4, 5):
        scheduler.mark_test_complete(stays, test)
    assert stays.told == [1, 3, 4, 5, 2]
    assert stays.shutting_down


def test_a_worker_that_takes_over_knows_of_two_tests_so_that_it_begins(scheduled):
    scheduler, dies, ends = scheduled
    ends.shutdown()
    scheduler.remove_node(dies)
    new = Worker()
    scheduler.add_node(new)
    scheduler.remove_node(ends)
    assert new.told == [], "it still collects"
    scheduler.add_node_collection(new, TESTS)
    scheduler.schedule()
    assert new.told == [4, 5]


def test_a_worker_that_has_finished_died_in_no_test(scheduled):
    scheduler, finished, _ = scheduled
    for test in (0, 2, 4, 5):
        scheduler.mark_test_complete(finished, test)
    assert scheduler.remove_node(finished) is None
