"""The fixture that starts a run to be disturbed."""

import pytest

from tests import schema_agreement
from tests.selftest.trouble.disturbed_run import DisturbedRun


@pytest.fixture
def start(tmp_path):
    """Return a function that starts a run in the test's folder; after the test, runs that are left are killed."""
    started = []

    def run(spec, *options, **more):
        started.append(DisturbedRun(tmp_path, spec, *options, **more))
        return started[-1]

    yield run
    for each in started:
        each.kill()


@pytest.fixture(autouse=True)
def messages_agree_with_the_schemas():
    """Replace the fixture of all other tests: these messages are damaged on purpose, and readers ignore some members."""
    yield
    schema_agreement.disagreements.clear()
