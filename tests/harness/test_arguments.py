"""The arguments of a scenario are checked when it is declared."""

import pytest

from oauth_gauntlet.arguments import ARGUMENTS, WHILE_OTHERS_RUN
from oauth_gauntlet.requirement import MUST, requirement, rule


def of_a_database(database): ...


def of_a_variant(variant): ...


def of_another_client(another_client): ...


def declared(function, **more):
    function.__doc__ = "Do: nothing."
    return requirement("parse.minimal", level=MUST, basis=rule("RFC 6749 5.1", "Words."), statement="S.", **more)(function)


def test_every_argument_can_be_taken():
    namespace = {}
    exec(f"def test_it({', '.join(ARGUMENTS)}): pass", namespace)
    declared(namespace["test_it"], variants=["one"])


def test_what_a_waiting_scenario_takes_is_a_part_of_them():
    assert set(WHILE_OTHERS_RUN) < set(ARGUMENTS)


def test_another_name_is_an_error_that_lists_the_arguments():
    with pytest.raises(ValueError, match=r"parse\.minimal: of_a_database takes 'database'; a scenario can take tenant, "):
        declared(of_a_database)


@pytest.mark.parametrize(
    ("function", "more", "reason"),
    [
        (of_a_variant, {}, "takes 'variant'; a scenario without variants can take"),
        (of_another_client, {"waits": True}, "takes 'another_client'; a scenario that waits can take"),
    ],
)
def test_an_argument_that_this_scenario_cannot_take_is_an_error_that_says_why(function, more, reason):
    with pytest.raises(ValueError, match=reason):
        declared(function, **more)
