import resource
import subprocess
import sys

import pytest

WITHIN = """
import resource, sys
from oauth_gauntlet.judging.machine.descriptors import raise_descriptor_limit
from oauth_gauntlet.errors import HarnessError
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
try:
    raise_descriptor_limit()
except HarnessError as error:
    print(error)
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


def within(soft, hard):
    """Return the printed error and the new limit of a process that starts with these limits."""
    code = WITHIN.format(soft=soft, hard=hard)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=True)
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("soft", "hard", "after"),
    [(100, 4000, "1024"), (100, 300, "300"), (1024, 4000, "1024"), (2000, 4000, "2000"), (128, 128, "128")],
)
def test_a_low_limit_is_raised(soft, hard, after):
    assert within(soft, hard) == [after]


def test_a_limit_that_stays_too_low_is_an_error():
    error, after = within(100, 127)
    assert error == (
        "this process may have 127 files and connections open at once, and scenarios with many callers need 128; "
        "raise the limit (ulimit -n 1024)"
    )
    assert after == "127"


def test_a_system_without_a_limit_is_left_alone(monkeypatch):
    from oauth_gauntlet.judging.machine.descriptors import raise_descriptor_limit

    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    monkeypatch.setattr(resource, "setrlimit", lambda *_: pytest.fail("the limit is changed"))
    raise_descriptor_limit()
