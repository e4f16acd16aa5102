import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from running import Running


@pytest.fixture
def start(tmp_path):
    """What starts a run in the test's folder; whatever is left of it afterwards is ended."""
    started = []

    def run(spec, *options, **more):
        started.append(Running(tmp_path, spec, *options, **more))
        return started[-1]

    yield run
    for each in started:
        each.end()
