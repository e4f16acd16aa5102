"""How a command of the command line ends: its exit code, and one sentence."""

import click
import pytest

from oauth_gauntlet_server.commands.errors import CommandError, UsageError
from oauth_gauntlet_server.commands.output import OutputLost
from oauth_gauntlet_server.commands.program import WithNamedErrors, exit_code_of


def ended(outcome, **more):
    @click.command(cls=WithNamedErrors)
    def command():
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    return exit_code_of(command, [], name="oauth-gauntlet x", **more)


@pytest.mark.parametrize(
    ("outcome", "code", "words"),
    [
        (None, 0, ""),
        (1, 1, ""),
        (UsageError("wrong \x1b"), 2, "oauth-gauntlet: wrong \\x1b\n"),
        (CommandError("broken"), 3, "oauth-gauntlet: broken\n"),
        (KeyboardInterrupt(), 3, "oauth-gauntlet: interrupted\n"),
        (click.UsageError("no"), 2, "Error: no\n"),
        (OutputLost(OSError(28, "full")), 3, "oauth-gauntlet: standard output cannot be written: full\n"),
        (PermissionError(13, "denied", "f\x1b"), 3, "failed: denied (f\\x1b), in program.invoke; check"),
        (BrokenPipeError(32, "gone"), 3, "failed: gone, in program.invoke; check"),
    ],
)
def test_each_outcome_has_an_exit_code_and_a_sentence(outcome, code, words, capsys):
    assert ended(outcome) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert bool(words) is bool(err)
    assert "Traceback" not in err


def test_a_reader_of_a_lookup_may_stop_early(capsys):
    assert ended(OutputLost(BrokenPipeError(32, "gone")), is_lookup=True) == 3
    assert capsys.readouterr().err == ""
    assert ended(OutputLost(OSError(28, "full")), is_lookup=True) == 3
    assert "full" in capsys.readouterr().err
