import pytest

from oauth_gauntlet.judging.scenario_item import ENDS_LIKE_A_SCENARIO


@pytest.mark.parametrize(
    "name",
    [
        "test_x.py::test_x[password]",
        "test_x.py::test_x[plus-jwt-bearer]",
        "test_x.py::test_x[client_credentials+after-401]",
        "test_x.py::test_x[a-b-password+refresh]",
    ],
)
def test_a_node_id_of_a_scenario(name):
    assert ENDS_LIKE_A_SCENARIO.search(name)


@pytest.mark.parametrize(
    "name", ["test_x.py::test_x", "test_x.py::test_x[one]", "test_x.py::test_x[password+later]", "test_x.py::test_x[password]x"]
)
def test_a_node_id_of_another_test(name):
    assert not ENDS_LIKE_A_SCENARIO.search(name)
