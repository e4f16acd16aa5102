import pytest

from oauth_gauntlet.requirement import (
    AFTER_401,
    CLIENT_CREDENTIALS,
    EXPIRY,
    INTEROP,
    MUST,
    PASSWORD,
    REFRESH,
    REFRESH_TOKEN,
    requirement,
    rule,
    scenario_of,
)


def declared(**changes):
    arguments = {"level": MUST, "basis": rule("RFC 6749 5.1", "Words."), "statement": "S.", **changes}
    return requirement(arguments.pop("id", "parse.minimal"), **arguments)


def test_a_decorated_function_stays_callable_and_has_its_scenario():
    @declared(grants=[PASSWORD], parameters=["scope"], variants={"one": 1, "two": 2})
    def test_it():
        """Do: nothing. Check: nothing."""

    test_it()
    scenario = scenario_of(test_it)
    assert scenario.names() == ("parse.minimal.one[password]", "parse.minimal.two[password]")
    assert scenario.description == "Do: nothing. Check: nothing."
    assert scenario.requirement.category == "parse"
    assert scenario.requirement.parameters == {"scope"}


def test_authentication_methods_may_be_variants():
    @declared(grants=[PASSWORD], auth_method_variants=["private_key_jwt"])
    def test_it():
        """Do it."""

    scenario = scenario_of(test_it)
    assert scenario.names() == ("parse.minimal.private_key_jwt[password]",)
    assert [(each.value, each.auth_method) for each in scenario.variants] == [("private_key_jwt", "private_key_jwt")]
    assert scenario.requirement.auth_methods == frozenset()


def test_without_variants_there_is_one_name_for_each_grant():
    @declared(level=INTEROP, grants=[PASSWORD, REFRESH_TOKEN])
    def test_it():
        """Do it."""

    assert scenario_of(test_it).names() == ("parse.minimal[password]", "parse.minimal[refresh_token]")


def test_renewals_run_with_the_grants_of_their_kind_after_the_first_requests():
    @declared(grants=[PASSWORD, CLIENT_CREDENTIALS], renewals=[EXPIRY, REFRESH])
    def test_it():
        """Do it."""

    assert scenario_of(test_it).names() == (
        "parse.minimal[password]",
        "parse.minimal[client_credentials]",
        "parse.minimal[client_credentials+expiry]",
        "parse.minimal[password+refresh]",
    )


def test_renewals_may_name_their_grants_and_variants_and_replace_the_first_request():
    @declared(
        grants=[PASSWORD, REFRESH_TOKEN],
        variants=["a", "b"],
        renewals={EXPIRY: [REFRESH_TOKEN]},
        renewal_variants=["b"],
        first=False,
    )
    def test_it():
        """Do it."""

    scenario = scenario_of(test_it)
    assert scenario.names() == ("parse.minimal.b[refresh_token+expiry]",)
    assert scenario.requirement.grants == (REFRESH_TOKEN,)


@pytest.mark.parametrize(
    "changes",
    [
        {"grants": [PASSWORD], "renewals": [AFTER_401]},
        {"renewals": [EXPIRY], "variants": ["a"], "renewal_variants": ["b"]},
        {"first": False},
    ],
)
def test_renewals_that_can_never_run_are_rejected(changes):
    with pytest.raises(ValueError, match="a kind of renewal without a grant"):
        declared(**changes)


@pytest.mark.parametrize("name", ["parse", "Parse.minimal", "parse.a_b", "parse..a", "parse.a-", "9.a", "parse.a b"])
def test_a_malformed_id_is_rejected(name):
    with pytest.raises(ValueError, match="expected lower-case words"):
        declared(id=name)


def test_a_scenario_without_a_docstring_is_rejected():
    def test_it():
        pass

    with pytest.raises(ValueError, match=r"parse\.minimal needs a docstring"):
        declared()(test_it)


def test_an_undecorated_function_has_no_scenario():
    assert scenario_of(print) is None
