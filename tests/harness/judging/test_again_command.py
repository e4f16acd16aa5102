"""The command that judges a scenario again contains what differs from the defaults, and can be pasted."""

import shlex
from pathlib import Path
from types import SimpleNamespace

import pytest

from oauth_gauntlet.judging.again_command import AgainCommand
from oauth_gauntlet.judging.run_options import declarations
from oauth_gauntlet.model import Level, RequirementSet
from oauth_gauntlet.model.basis import quote

HERE = Path(__file__).parent
ITEM = SimpleNamespace(scenario_id="wire.truncated.chunk[password]", path=Path(__file__))
DEFAULTS = {
    "client": "cmd:node adapter.mjs",
    "requirements": RequirementSet(name="all", version="1", title=""),
    "seed": 1,
    "effort": "ci",
    "time_limit_s": 10.0,
    "in_process": False,
    "installed": (HERE,),
    "scenarios": (),
    "profiles": frozenset({"scim-connector"}),
}

SENTENCE = quote("RFC 6749 5.1", "It MUST do so.")

REPEATED = {
    "set": (
        {"requirements": RequirementSet(name="mine", version="1", title="", raised={"wire.truncated": (Level.MUST, SENTENCE)})},
        ["--set", "mine"],
    ),
    "profile": ({"profile": "scim-connector"}, ["--profile", "scim-connector"]),
    "scenarios": ({"installed": (), "scenarios": (str(HERE),)}, ["--scenarios", str(HERE)]),
    "effort": ({"effort": "thorough"}, ["--effort", "thorough"]),
    "seed": ({"seed": 7}, ["--seed", "7"]),
    "time_limit": ({"time_limit_s": 2.5}, ["--time-limit", "2.5"]),
    "in_process": ({"in_process": True}, ["--in-process"]),
}

NOT_REPEATED = {
    "grant": "the name of the scenario contains it",
    "level": "it selects scenarios, and -k names one",
    "keep_going": "without sanity.first in the run, no grant is stopped",
    "strict": "it changes the exit code, and no verdict",
    "expect": "it changes the exit code, and no verdict",
    "results": "a file of the other run",
    "report": "a file of the other run",
}


def command(profile=None, **changes):
    requirement = SimpleNamespace(id="wire.truncated", profile=profile)
    return shlex.split(AgainCommand(**{**DEFAULTS, **changes}).command(ITEM, requirement))


def test_with_the_defaults_the_command_names_client_and_scenario():
    assert command() == ["oauth-gauntlet", "run", "--client", "cmd:node adapter.mjs", "-k", "wire.truncated.chunk[password]"]


@pytest.mark.parametrize(("changes", "more"), REPEATED.values(), ids=REPEATED)
def test_what_differs_from_the_defaults_is_an_option(changes, more):
    assert command(**changes) == [*command(), *more]


def test_a_profile_that_the_run_does_not_know_is_no_option():
    assert command(profile="of-nobody") == command()


def test_each_option_of_a_run_is_repeated_or_has_a_reason_why_not():
    assert {"client", *REPEATED, *NOT_REPEATED} == {name for name, _, _ in declarations()}
    assert not REPEATED.keys() & NOT_REPEATED.keys()
