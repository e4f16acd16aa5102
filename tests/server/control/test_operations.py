"""The search for an operation, without a server. test_respond.py tests the responses."""

import pytest

from oauth_gauntlet_server.control.operations import OPERATIONS, find
from oauth_gauntlet_server.control.problem import Problem


def test_the_parameters_of_the_path_are_read_by_their_schemas():
    operation, parameters = find("DELETE", "/tenants/shop/faults/7")
    assert (operation.id, parameters) == ("remove_fault", {"tenant": "shop", "id": 7})


def test_head_finds_the_operation_of_get():
    assert find("HEAD", "/tenants")[0].id == find("GET", "/tenants")[0].id == "list_tenants"


@pytest.mark.parametrize(("path", "member"), [("/tenants/-", "/tenant"), ("/tenants/t/faults/x", "/id"), ("/ports/0", "/port")])
def test_a_parameter_that_does_not_match_is_404(path, member):
    with pytest.raises(Problem) as caught:
        find("DELETE", path)
    assert (caught.value.status, caught.value.members["member"]) == (404, member)


def test_an_unknown_path_suggests_the_nearest_with_the_given_names():
    with pytest.raises(Problem, match="did you mean /_control/tenants/shop/faults") as caught:
        find("GET", "/tenants/shop/fault")
    assert caught.value.status == 404


def test_every_operation_is_found_by_its_own_method_and_path():
    values = {"tenant": "t", "id": "1", "sequence": "1", "port": "1"}
    for operation in OPERATIONS:
        assert find(operation.method, operation.path.format(**values))[0] is operation
