import pytest

from oauth_gauntlet.cli.run_scenarios import _failure, _reasons
from oauth_gauntlet.errors import HarnessError, UsageError

CRASH = """
Traceback (most recent call last):
INTERNALERROR>   File "/x/pytest/main.py", line 289, in wrap_session
INTERNALERROR>     raise OSError(24, "Too many open files")
INTERNALERROR> OSError: [Errno 24] Too many open files
  File "/x/y.py", line 5, in z
AttributeError: 'Loop' object has no attribute '_ssock'
Enable tracemalloc to get traceback where the object was allocated.
"""


@pytest.mark.parametrize(
    ("said", "kind", "text"),
    [
        ("x\nERROR: client spec 'py:' is none\n", UsageError, "client spec 'py:' is none"),
        (
            "! _pytest.outcomes.Exit: the adapter does not start: it ended\nlast of it !\nExit: the adapter does not start",
            HarnessError,
            "the adapter does not start: it ended\nlast of it",
        ),
        ("Exit: the mock server does not start: no port\n", HarnessError, "the mock server does not start: no port"),
        ("", HarnessError, "the scenarios could not be run (pytest ended with signal SIGKILL)"),
    ],
)
def test_why_there_is_not_even_a_header(said, kind, text):
    failure = _failure(said, -9)
    assert (type(failure), str(failure)) == (kind, text)


def test_of_a_crash_the_exceptions_are_told_and_not_where_they_were():
    assert _reasons(CRASH) == [
        "  OSError: [Errno 24] Too many open files",
        "  AttributeError: 'Loop' object has no attribute '_ssock'",
    ]
