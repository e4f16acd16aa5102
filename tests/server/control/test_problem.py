import pytest

from oauth_gauntlet_server.control.problem import PROBLEM, Problem, pointer, problem_of
from oauth_gauntlet_server.http.json_schema import Refused, read


def test_a_problem_document():
    problem = Problem(409, "not yet", headers={"X": "1"}, members={"count": 2, "status": 5})
    assert problem.document() == {"type": "about:blank", "title": "Conflict", "status": 409, "detail": "not yet", "count": 2}
    assert read(problem.document(), PROBLEM)
    assert problem.headers == {"X": "1"}


def test_the_problem_of_a_value_that_does_not_match_its_schema():
    problem = problem_of(Refused(("a/b", 0), "got 1", expected="a string", nearest=["x"]), where="query", status=422)
    assert problem.document() == {
        "type": "about:blank",
        "title": "Unprocessable Entity",
        "status": 422,
        "member": "/a~1b/0",
        "expected": "a string",
        "nearest": ["x"],
        "detail": "query/a~1b/0: got 1: expected a string; did you mean x?",
    }


@pytest.mark.parametrize(("path", "text"), [((), ""), (("a~b", "c/d"), "/a~0b/c~1d"), ((0,), "/0")])
def test_pointers(path, text):
    assert pointer(path) == text
