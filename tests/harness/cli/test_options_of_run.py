"""The options of `run`, as the command line and the file of a project have them."""

from oauth_gauntlet.cli.options_of_run import options_of_run
from oauth_gauntlet.cli.run import run


def test_the_command_has_exactly_these_options():
    options = {each.parameter: set(each.spellings) for each in options_of_run()}
    assert options == {param.name: set(param.opts) for param in run.params}


def test_a_key_of_a_file_is_the_longest_spelling():
    keys = {each.parameter: each.key for each in options_of_run()}
    assert (keys["keyword"], keys["workers"], keys["max_failures"], keys["time_limit"]) == (
        "k",
        "n",
        "max-failures",
        "time-limit",
    )
    assert len(set(keys.values())) == len(keys)
